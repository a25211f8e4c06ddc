package dev.posthorn.dispatcher.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.sqlite.SQLiteConfig;

/** Opens connections to the database; the seam at which tests let a disk fail. */
@FunctionalInterface
interface SqliteConnector {
  /** How long a statement waits for a lock that somebody else has. */
  int BUSY_MILLIS = 5000;

  /** Who the connection is for. */
  enum Use {
    /** The store thread: write-ahead log, every commit forced to disk, no checkpoint inside one. */
    WRITE,
    /** A query; it may not write, but opens the log's index like a writer. */
    READ;

    private List<String> pragmas() {
      return switch (this) {
        case WRITE ->
            List.of(
                "PRAGMA journal_mode = WAL",
                "PRAGMA synchronous = FULL",
                "PRAGMA wal_autocheckpoint = 0",
                "PRAGMA journal_size_limit = 67108864",
                "PRAGMA cache_size = -32768",
                // What is deleted is overwritten, also whole pages.
                "PRAGMA secure_delete = ON");
        case READ -> List.of("PRAGMA query_only = ON", "PRAGMA cache_size = -4096");
      };
    }
  }

  /** A connection for one thread at a time. */
  Connection connect(Path file, Use use) throws SQLException;

  /** The real one. No memory mapping: with it a failing disk is a signal, not an error. */
  static Connection open(Path file, Use use) throws SQLException {
    var config = new SQLiteConfig();
    config.setBusyTimeout(BUSY_MILLIS);
    // Otherwise every insert is followed by a query.
    config.setGetGeneratedKeys(false);
    Connection connection = config.createConnection("jdbc:sqlite:" + file);
    try (var statement = connection.createStatement()) {
      statement.execute("PRAGMA mmap_size = 0");
      statement.execute("PRAGMA temp_store = MEMORY");
      for (String pragma : use.pragmas()) {
        statement.execute(pragma);
      }
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }
}
