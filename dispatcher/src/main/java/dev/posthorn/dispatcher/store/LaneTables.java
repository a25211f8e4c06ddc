package dev.posthorn.dispatcher.store;

import dev.posthorn.core.config.KeyDenial;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What {@link Rounds} reads and writes of a database that several processes use; each call is a
 * transaction of its own. Store thread only.
 */
interface LaneTables {
  /**
   * Who has which lane.
   *
   * @param mine those of this process
   * @param free those of nobody
   * @param workers how many processes live that take lanes
   */
  record Lanes(Set<Integer> mine, List<Integer> free, int workers) {}

  /** An event of another writer. */
  record FedRow(int lane, long writer, Shared.FedEvent event) {}

  /** Something that the owner of a lane is asked for. */
  record Asked(long number, Kind kind, int endpoint) {
    /** What. A name here is in the database: it keeps its meaning. */
    enum Kind {
      /** Enable the endpoint. */
      ENABLE,
      /** Read its deliveries again. */
      REREAD
    }
  }

  /**
   * What one statement saw.
   *
   * @param writers the other processes that have a row, or had one until lately
   * @param rows events after the cursors, in the order of their numbers
   * @param asked of the owner of these lanes, in order
   * @param changes grows with every erasure that begins or ends and every key that is denied
   */
  record Feed(Set<Long> writers, List<FedRow> rows, List<Asked> asked, long changes) {}

  /** Who has which lane now. */
  Lanes lanes() throws SQLException;

  /** Takes those of the lanes that are free; returns what it took. */
  Set<Integer> take(Collection<Integer> lanes) throws SQLException;

  /**
   * The newest event in each of the lanes of each process that has a row, had one until lately, or
   * is {@code known}; those without any left out.
   */
  Map<Integer, Map<Long, Long>> newest(Collection<Integer> lanes, Set<Long> known)
      throws SQLException;

  /** Endpoints of the lanes, as they are now. */
  List<EndpointRow> endpoints(Collection<Integer> lanes) throws SQLException;

  /** Endpoints of all other lanes. */
  List<EndpointRow> endpointsBeside(Collection<Integer> lanes) throws SQLException;

  /** Events of others after the cursors, {@code most} of them at most, with who there is. */
  Feed feed(Collection<Integer> lanes, Cursors cursors, int most) throws SQLException;

  List<Page> pages(List<PageRequest> requests) throws SQLException;

  /** Tenants whose erasure runs. */
  List<String> erasing() throws SQLException;

  List<KeyDenial> denials() throws SQLException;

  /** For how long from now requests may be started, in milliseconds. */
  long sendMillis();
}
