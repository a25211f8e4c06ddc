package dev.posthorn.dispatcher.store;

import dev.posthorn.core.event.PublishedEvent;
import dev.posthorn.core.event.TypePattern;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Which events tell the platform of another tenant. They belong to the platform, but an erasure of
 * the tenant takes them too.
 */
final class AlertRows {
  private final Tenants tenants;
  private final SqlStatement insert;
  private final SqlStatement deleteUpTo;

  AlertRows(Connection connection, Tenants tenants) throws SQLException {
    this.tenants = tenants;
    insert = new SqlStatement(connection, "INSERT INTO alert (seq, tenant) VALUES (?, ?)");
    deleteUpTo = new SqlStatement(connection, "DELETE FROM alert WHERE seq <= ?");
  }

  /** A system event comes first, and then the same for others. */
  void stored(List<NewEvent> events, List<Accepted> answers) throws SQLException {
    PublishedEvent first = events.getFirst().event().published();
    if (!first.type().startsWith(TypePattern.SYSTEM_PREFIX)) {
      return;
    }
    for (int i = 1; i < answers.size(); i++) {
      if (answers.get(i) instanceof Accepted.Stored stored) {
        insert.update(stored.seq(), tenants.named(first.tenant()).number());
      }
    }
  }

  /** Their events go. */
  void deleteUpTo(long seq) throws SQLException {
    deleteUpTo.update(seq);
  }
}
