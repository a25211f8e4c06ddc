package dev.posthorn.dispatcher.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Reads open deliveries of an endpoint by key, {@value PageRequest#ROWS} at a time. */
final class PageReader {
  private final SqlStatement fresh;
  private final SqlStatement retry;

  PageReader(Connection connection) throws SQLException {
    fresh =
        new SqlStatement(
            connection,
            "SELECT 0, seq, n, accepted FROM delivery WHERE endpoint = ? AND seq > ?"
                + " AND due IS NULL ORDER BY seq LIMIT "
                + PageRequest.ROWS);
    retry =
        new SqlStatement(
            connection,
            "SELECT due, seq, n, accepted FROM delivery INDEXED BY delivery_due"
                + " WHERE endpoint = ? AND (due, seq) > (?, ?) AND due IS NOT NULL"
                + " ORDER BY due, seq LIMIT "
                + PageRequest.ROWS);
  }

  Page read(PageRequest request) throws SQLException {
    SqlStatement.RowReader<OpenDelivery> reader =
        row -> new OpenDelivery(row.getLong(1), row.getLong(2), row.getInt(3), row.getLong(4));
    List<OpenDelivery> rows =
        switch (request.side()) {
          case FRESH -> fresh.list(reader, request.endpoint(), request.afterSeq());
          case RETRY ->
              retry.list(reader, request.endpoint(), request.afterDue(), request.afterSeq());
        };
    return new Page(request, rows, rows.size() == PageRequest.ROWS);
  }
}
