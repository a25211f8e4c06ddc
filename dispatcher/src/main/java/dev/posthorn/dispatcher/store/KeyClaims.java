package dev.posthorn.dispatcher.store;

import dev.posthorn.core.event.EventId;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Claims idempotency keys for events that are about to be stored. */
interface KeyClaims {
  /** A key for the event with this number. */
  @SuppressWarnings("ArrayRecordComponent") // Bytes are shared, never changed, never compared.
  record Claim(long seq, byte[] key) {}

  /**
   * A claim that somebody was before.
   *
   * @param seq number of the first event with this key
   * @param id its id; null where it has no row (yet)
   * @param acceptedMillis its acceptance
   */
  record Refused(Claim claim, long seq, @Nullable EventId id, long acceptedMillis) {}

  /**
   * Claims keys for those that come first.
   *
   * @param claims by key, then by number: writers of a shared database then wait for each other in
   *     one order
   * @return those that came too late, in the same order
   */
  List<Refused> claim(List<Claim> claims) throws SQLException;

  /** Gives a key that is older than its time to another event. */
  void replace(Claim claim) throws SQLException;
}
