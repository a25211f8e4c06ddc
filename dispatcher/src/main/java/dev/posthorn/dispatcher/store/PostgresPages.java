package dev.posthorn.dispatcher.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Reads the pages that many endpoints ask for with two statements. */
final class PostgresPages {
  /** Pages per statement: at most 32,000 rows in memory. */
  private static final int TOGETHER = 500;

  private final SqlStatement fresh;
  private final SqlStatement retry;

  PostgresPages(Connection connection) throws SQLException {
    fresh =
        new SqlStatement(
            connection,
            "SELECT r.i, 0, d.seq, d.n, d.accepted"
                + " FROM unnest(?::int[], ?::bigint[]) WITH ORDINALITY AS r(endpoint, after_seq, i),"
                + " LATERAL (SELECT seq, n, accepted FROM delivery WHERE endpoint = r.endpoint"
                + " AND seq > r.after_seq AND due IS NULL ORDER BY seq LIMIT "
                + PageRequest.ROWS
                + ") d ORDER BY r.i, d.seq");
    retry =
        new SqlStatement(
            connection,
            "SELECT r.i, d.due, d.seq, d.n, d.accepted"
                + " FROM unnest(?::int[], ?::bigint[], ?::bigint[]) WITH ORDINALITY"
                + " AS r(endpoint, after_seq, after_due, i),"
                + " LATERAL (SELECT due, seq, n, accepted FROM delivery WHERE endpoint = r.endpoint"
                + " AND (due, seq) > (r.after_due, r.after_seq) AND due IS NOT NULL"
                + " ORDER BY due, seq LIMIT "
                + PageRequest.ROWS
                + ") d ORDER BY r.i, d.due, d.seq");
  }

  /** The rows that a request gets, as they come. */
  private record Answer(PageRequest request, List<OpenDelivery> rows) {
    private Page page() {
      return new Page(request, rows, rows.size() == PageRequest.ROWS);
    }
  }

  /** One page per request, in their order. */
  List<Page> read(List<PageRequest> requests) throws SQLException {
    List<Answer> answers =
        requests.stream().map(request -> new Answer(request, new ArrayList<>())).toList();
    for (int from = 0; from < answers.size(); from += TOGETHER) {
      List<Answer> some = answers.subList(from, Math.min(answers.size(), from + TOGETHER));
      fill(some.stream().filter(each -> each.request().side() == Side.FRESH).toList(), false);
      fill(some.stream().filter(each -> each.request().side() == Side.RETRY).toList(), true);
    }
    return answers.stream().map(Answer::page).toList();
  }

  private void fill(List<Answer> answers, boolean retries) throws SQLException {
    if (answers.isEmpty()) {
      return;
    }
    List<PageRequest> asked = answers.stream().map(Answer::request).toList();
    int[] endpoints = asked.stream().mapToInt(PageRequest::endpoint).toArray();
    long[] seqs = asked.stream().mapToLong(PageRequest::afterSeq).toArray();
    SqlStatement.RowReader<Boolean> reader = row -> add(answers, row);
    if (retries) {
      retry.list(
          reader, endpoints, seqs, asked.stream().mapToLong(PageRequest::afterDue).toArray());
    } else {
      fresh.list(reader, endpoints, seqs);
    }
  }

  private static boolean add(List<Answer> answers, ResultSet row) throws SQLException {
    return answers
        .get(row.getInt(1) - 1)
        .rows()
        .add(new OpenDelivery(row.getLong(2), row.getLong(3), row.getInt(4), row.getLong(5)));
  }
}
