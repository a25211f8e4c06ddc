package dev.posthorn.dispatcher.store;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Records of the tenant's own streams that could not become events. Whose a record of a shared
 * stream is nobody knows.
 */
final class ErasedRejects implements ErasureStep {
  private final SqlStatement delete;

  ErasedRejects(Connection connection) throws SQLException {
    delete =
        new SqlStatement(
            connection,
            "DELETE FROM rejected WHERE number IN"
                + " (SELECT number FROM rejected WHERE source = ? LIMIT ?)");
  }

  @Override
  public int delete(Target target, int most, Counts counts) throws SQLException {
    int done = 0;
    for (String source : target.sources()) {
      done += delete.update(source, most - done);
      if (done >= most) {
        break;
      }
    }
    counts.add(ErasedKind.REJECTED, done);
    return done;
  }
}
