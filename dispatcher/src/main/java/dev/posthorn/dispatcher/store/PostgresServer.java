package dev.posthorn.dispatcher.store;

import dev.posthorn.dispatcher.store.PostgresConnector.Use;
import dev.posthorn.dispatcher.store.Sealer.Purpose;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToIntFunction;
import javax.crypto.AEADBadTagException;
import javax.crypto.SecretKey;

/** A PostgreSQL database that this process writes as a node. */
final class PostgresServer implements Database {
  private final PostgresConnector connector;
  private final SecretKey payloadKey;
  private final ToIntFunction<String> lanes;
  private final PostgresNode node;
  private final AtomicLong bytes = new AtomicLong();

  private PostgresServer(
      PostgresConnector connector, PostgresDeliveryStore.Options options, PostgresNode node) {
    this.connector = connector;
    this.node = node;
    payloadKey = options.payloadKey();
    lanes = options.lanes();
  }

  /**
   * Prepares the database.
   *
   * @throws IllegalArgumentException where it cannot be used as it is; the message says the cure
   * @throws StoreUnavailableException where it cannot be reached
   */
  static PostgresServer open(PostgresDeliveryStore.Options options, SecureRandom random) {
    var connector = new PostgresConnector(PostgresAddress.parse(options.url()));
    PostgresSchema.prepare(connector);
    try (Connection connection = connector.connect(Use.WRITE)) {
      checkKey(connector.address(), connection, options.payloadKey(), random);
    } catch (SQLException e) {
      throw PostgresErrors.translate(connector.address().toString(), e, false);
    }
    return new PostgresServer(
        connector,
        options,
        new PostgresNode(connector, options.name(), options.lease(), options.sends()));
  }

  /** Whether a payload key has been used in the database. */
  static boolean isSealed(String url) {
    var connector = new PostgresConnector(PostgresAddress.parse(url));
    PostgresSchema.prepare(connector);
    try (Connection connection = connector.connect(Use.READ)) {
      return new SqlStatement(connection, "SELECT count(*) FROM meta WHERE name = 'payload_key'")
              .number(0)
          > 0;
    } catch (SQLException e) {
      throw PostgresErrors.translate(connector.address().toString(), e, false);
    }
  }

  /** A value sealed with the key tells a wrong key before anything is written under it. */
  private static void checkKey(
      PostgresAddress address, Connection connection, SecretKey key, SecureRandom random)
      throws SQLException {
    var sealer = new Sealer(random);
    new SqlStatement(
            connection,
            "INSERT INTO meta (name, value) VALUES ('payload_key', ?) ON CONFLICT DO NOTHING")
        .update((Object) sealer.seal(key, Purpose.CHECK, 0, 0, new byte[0]));
    byte[] check =
        new SqlStatement(connection, "SELECT value FROM meta WHERE name = 'payload_key'")
            .first(row -> row.getBytes(1));
    if (check == null) {
      throw new IllegalStateException("the check of the payload key was written and is not there");
    }
    try {
      sealer.open(key, Purpose.CHECK, 0, 0, check);
    } catch (AEADBadTagException e) {
      throw new IllegalArgumentException(
          "the payload key is not the one that the database "
              + address
              + " was encrypted with: restore the key that belongs to it",
          e);
    }
  }

  @Override
  public Connection writer() throws SQLException {
    return connector.connect(Use.WRITE);
  }

  @Override
  public Connection reader() throws SQLException {
    return connector.connect(Use.READ);
  }

  /** Joins anew: a transaction of a former connection can then not be committed any more. */
  @Override
  public Dialect dialect(Connection writer) throws SQLException {
    return new PostgresDialect(writer, node.join(writer), lanes, bytes);
  }

  /** Whether a request may be started now. Any thread. */
  boolean maySend() {
    return node.maySend();
  }

  @Override
  public SecretKey payloadKey() {
    return payloadKey;
  }

  @Override
  public long bytes() {
    return bytes.get();
  }

  @Override
  public RuntimeException failure(SQLException error, boolean committing) {
    return PostgresErrors.translate(connector.address().toString(), error, committing);
  }

  @Override
  public boolean cut(SQLException error) {
    return PostgresErrors.cut(error);
  }

  @Override
  public void close() {
    node.close();
  }
}
