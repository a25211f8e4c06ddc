package dev.posthorn.dispatcher.store;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Inserts rows that nothing in the same transaction looks at before {@link #flush}. */
final class RowInsert {
  private final SqlStatement statement;
  private final boolean together;
  private boolean waiting;

  /**
   * Prepares it.
   *
   * @param together whether rows wait for {@link #flush}, to make one round trip
   */
  RowInsert(Connection connection, String sql, boolean together) throws SQLException {
    statement = new SqlStatement(connection, sql);
    this.together = together;
  }

  void add(@Nullable Object... values) throws SQLException {
    if (together) {
      statement.add(values);
      waiting = true;
    } else {
      statement.update(values);
    }
  }

  void flush() throws SQLException {
    if (waiting) {
      waiting = false;
      statement.updateAll();
    }
  }
}
