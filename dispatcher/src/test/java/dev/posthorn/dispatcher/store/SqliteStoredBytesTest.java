package dev.posthorn.dispatcher.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.io.TempDir;

class SqliteStoredBytesTest extends StoredBytesContract {
  @TempDir Path directory;

  @Override
  DeliveryStore open() {
    return SqliteDeliveryStore.open(directory);
  }

  @Override
  String query(String sql) {
    Path database = directory.resolve(SqliteFile.NAME);
    try (Connection connection = SqliteConnector.open(database, SqliteConnector.Use.READ);
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }
}
