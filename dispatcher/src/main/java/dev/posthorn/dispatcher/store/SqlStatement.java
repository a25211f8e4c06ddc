package dev.posthorn.dispatcher.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A prepared statement that is used again and again by one thread at a time. Values are bound by
 * their Java type: {@code Long}, {@code Integer}, {@code String}, {@code byte[]} or null, and for
 * PostgreSQL arrays of numbers and of {@code byte[]}.
 */
final class SqlStatement {
  /** Reads the present row; null where it has nothing to give. */
  @FunctionalInterface
  interface RowReader<T> {
    @Nullable T read(ResultSet row) throws SQLException;
  }

  private final PreparedStatement statement;

  SqlStatement(Connection connection, String sql) throws SQLException {
    statement = connection.prepareStatement(sql);
  }

  /** Runs it; returns how many rows it changed. */
  int update(@Nullable Object... values) throws SQLException {
    bind(values);
    return statement.executeUpdate();
  }

  /** Adds the values to those of {@link #updateAll}. */
  void add(@Nullable Object... values) throws SQLException {
    bind(values);
    statement.addBatch();
  }

  /** Runs it for all values added, at once. */
  void updateAll() throws SQLException {
    statement.executeBatch();
  }

  /** Runs it for its effect, where it may or may not return rows. */
  void run() throws SQLException {
    statement.execute();
  }

  /** What the reader makes of each row, without nulls. */
  <T> List<T> list(RowReader<T> reader, @Nullable Object... values) throws SQLException {
    bind(values);
    try (ResultSet rows = statement.executeQuery()) {
      var list = new ArrayList<T>();
      while (rows.next()) {
        T value = reader.read(rows);
        if (value != null) {
          list.add(value);
        }
      }
      return list;
    }
  }

  /** What the reader makes of the first row; null where there is none. */
  <T> @Nullable T first(RowReader<T> reader, @Nullable Object... values) throws SQLException {
    bind(values);
    try (ResultSet rows = statement.executeQuery()) {
      return rows.next() ? reader.read(rows) : null;
    }
  }

  /** The first column of the first row; {@code absent} where there is no row. */
  long number(long absent, @Nullable Object... values) throws SQLException {
    bind(values);
    try (ResultSet rows = statement.executeQuery()) {
      return rows.next() ? rows.getLong(1) : absent;
    }
  }

  private void bind(@Nullable Object[] values) throws SQLException {
    for (int i = 0; i < values.length; i++) {
      switch (values[i]) {
        case null -> statement.setNull(i + 1, Types.NULL);
        case Long number -> statement.setLong(i + 1, number);
        case Integer number -> statement.setInt(i + 1, number);
        case Boolean flag -> statement.setBoolean(i + 1, flag);
        case String text -> statement.setString(i + 1, storable(text));
        case byte[] bytes -> statement.setBytes(i + 1, bytes);
        case int[] numbers -> statement.setObject(i + 1, numbers);
        case long[] numbers -> statement.setObject(i + 1, numbers);
        case byte[][] blobs ->
            statement.setArray(i + 1, statement.getConnection().createArrayOf("bytea", blobs));
        default ->
            throw new IllegalArgumentException("no SQL type for " + values[i].getClass().getName());
      }
    }
  }

  /** PostgreSQL has no NUL in a text. */
  private static String storable(String text) {
    return text.replace('\0', '\ufffd');
  }

  /** A column that may be null. */
  static @Nullable Long longOrNull(ResultSet row, int column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? null : value;
  }
}
