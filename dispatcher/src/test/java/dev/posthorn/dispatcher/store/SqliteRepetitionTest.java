package dev.posthorn.dispatcher.store;

import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** The disk fails before a statement, or after it. */
class SqliteRepetitionTest extends RepetitionContract {
  @TempDir Path directory;

  @Override
  DeliveryStore open(Countdown before, Countdown after) {
    var connector = new FaultyConnector();
    connector.arm(
        new FaultyConnector.Fault() {
          @Override
          public void before(String sql) throws SQLException {
            fail(before);
          }

          @Override
          public void after(String sql) throws SQLException {
            fail(after);
          }
        });
    return SqliteDeliveryStore.open(directory, connector);
  }

  private static void fail(Countdown fault) throws SQLException {
    if (fault.strikes()) {
      throw new SQLiteException("as the test wants", SQLiteErrorCode.SQLITE_IOERR_FSYNC);
    }
  }

  @Override
  int points() {
    return 200;
  }
}
