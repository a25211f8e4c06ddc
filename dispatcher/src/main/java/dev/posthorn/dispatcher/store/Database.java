package dev.posthorn.dispatcher.store;

import java.sql.Connection;
import java.sql.SQLException;
import javax.crypto.SecretKey;

/** A database that holds a delivery store: its connections, its key, what its errors mean. */
interface Database extends AutoCloseable {
  /** A connection for the store thread. */
  Connection writer() throws SQLException;

  /** A connection for queries; it may not write. */
  Connection reader() throws SQLException;

  /** What a writing connection does in its own way. */
  Dialect dialect(Connection writer) throws SQLException;

  /** Wraps the tenants' data keys. */
  SecretKey payloadKey();

  /** Size on disk as last seen, in bytes; also after the store was closed. */
  long bytes();

  /**
   * What an error means for the caller: wait and try again, or a defect.
   *
   * @param committing whether it came from {@code COMMIT}
   */
  RuntimeException failure(SQLException error, boolean committing);

  /** Whether a query may be tried again on a new connection, because this one was cut. */
  boolean cut(SQLException error);

  /** After the last connection was closed. */
  @Override
  void close();
}
