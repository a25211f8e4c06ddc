package dev.posthorn.dispatcher.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Empties SQLite's write-ahead log, which keeps former pages until they are overwritten. Not
 * possible while somebody reads; then it gives up at once, since all writes wait for it.
 */
final class LogTruncation {
  private final Connection connection;
  private final SqlStatement truncate;

  LogTruncation(Connection connection) throws SQLException {
    this.connection = connection;
    truncate = new SqlStatement(connection, "PRAGMA wal_checkpoint = TRUNCATE");
  }

  /** Whether the log is empty now. */
  boolean run() throws SQLException {
    patience(0);
    try {
      // The first column says whether somebody was in the way.
      return truncate.number(1) == 0;
    } finally {
      patience(SqliteConnector.BUSY_MILLIS);
    }
  }

  /** Takes effect when the text is compiled, so it cannot be prepared once. */
  private void patience(int millis) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = " + millis);
    }
  }
}
