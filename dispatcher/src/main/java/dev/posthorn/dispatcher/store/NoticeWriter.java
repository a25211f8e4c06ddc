package dev.posthorn.dispatcher.store;

import dev.posthorn.core.config.OutcomeClass;
import dev.posthorn.core.event.TypePattern;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes system events within the transaction of their cause, by the code that accepts what
 * producers publish. Where the cause was not recorded nothing is written, and nothing for a tenant
 * that is being erased.
 */
final class NoticeWriter {
  private record Group(int endpoint, OutcomeClass outcome) {}

  private final AcceptWriter accepts;
  private final ErasingTenants erasing;
  private final SqlStatement typeOf;
  private final List<Committed.AcceptedEvent> written = new ArrayList<>();

  NoticeWriter(Connection connection, AcceptWriter accepts, ErasingTenants erasing)
      throws SQLException {
    this.accepts = accepts;
    this.erasing = erasing;
    typeOf = new SqlStatement(connection, "SELECT type FROM event WHERE seq = ?");
  }

  /**
   * Writes what these writes cause, after they were applied.
   *
   * @return the answers, those together with the events where there are any
   */
  List<Written> with(List<Write> writes, List<Written> answers) throws SQLException {
    var told = new ArrayList<Written>(answers.size());
    for (int i = 0; i < answers.size(); i++) {
      write(causedBy(writes.get(i), answers.get(i)));
      told.add(
          written.isEmpty()
              ? answers.get(i)
              : new Written.Noticed(answers.get(i), List.copyOf(written)));
      written.clear();
    }
    return told;
  }

  private static List<Write.Accept> causedBy(Write write, Written answer) {
    return switch (write) {
      case Write.Record record ->
          ((Written.Recorded) answer).applied() ? record.notices() : List.of();
      case Write.Health health -> health.notices();
      case Write.Reject reject -> reject.notices();
      default -> List.of();
    };
  }

  /** Writes what is told of deliveries that {@code retain} ended, while their events are there. */
  void ended(List<Written.Ended> ended, Write.Retain retain) throws SQLException {
    var groups = new LinkedHashMap<Group, Integer>();
    for (Written.Ended each : ended) {
      if (!ofSystemEvent(each.delivery())) {
        groups.merge(new Group(each.delivery().endpoint(), each.outcome()), 1, Integer::sum);
      }
    }
    for (Map.Entry<Group, Integer> each : groups.entrySet()) {
      Group group = each.getKey();
      Write.Accept notice =
          retain
              .notices()
              .of(
                  new EndingNotices.Ending(
                      group.endpoint(), group.outcome(), each.getValue(), retain.now()));
      if (notice != null) {
        write(List.of(notice));
      }
    }
  }

  private boolean ofSystemEvent(DeliveryKey delivery) throws SQLException {
    String type = typeOf.first(row -> row.getString(1), delivery.seq());
    return type != null && type.startsWith(TypePattern.SYSTEM_PREFIX);
  }

  private void write(List<Write.Accept> notices) throws SQLException {
    for (Write.Accept notice : notices) {
      List<NewEvent> events = ofThoseWhoStay(notice.events());
      if (!events.isEmpty()) {
        write(new Write.Accept(events, notice.once()));
      }
    }
  }

  /** The first is the tenant's own; without it others are not told either. */
  private List<NewEvent> ofThoseWhoStay(List<NewEvent> events) {
    return erasing.among(events.subList(0, 1)) != null
        ? List.of()
        : events.stream().filter(each -> erasing.among(List.of(each)) == null).toList();
  }

  private void write(Write.Accept notice) throws SQLException {
    var stored = (Written.Accepts) accepts.accept(List.of(notice)).getFirst();
    List<Accepted> answers = stored.answers();
    for (int i = 0; i < answers.size(); i++) {
      if (answers.get(i) instanceof Accepted.Stored fresh) {
        NewEvent event = notice.events().get(i);
        written.add(new Committed.AcceptedEvent(fresh.seq(), event.event(), event.targets()));
      }
    }
  }
}
