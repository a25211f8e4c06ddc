package dev.posthorn.dispatcher.store;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Publishes and outcomes that stand beside each other in a transaction, written kind by kind. Their
 * order does not matter: an outcome is of an event that was committed before.
 */
final class Run {
  private final AcceptWriter accepts;
  private final OutcomeWriter outcomes;
  private final ErasingTenants erasing;
  private final NoticeWriter notices;
  private final Map<Integer, Written> refused = new HashMap<>();
  private final List<Write> writes = new ArrayList<>();
  private final List<Write.Accept> accepting = new ArrayList<>();
  private final List<Write.Record> recording = new ArrayList<>();

  Run(AcceptWriter accepts, OutcomeWriter outcomes, ErasingTenants erasing, NoticeWriter notices) {
    this.notices = notices;
    this.accepts = accepts;
    this.outcomes = outcomes;
    this.erasing = erasing;
  }

  /** Adds a write; false where it is of another kind, which everything before it must precede. */
  boolean add(Write write) {
    switch (write) {
      case Write.Accept accept -> add(accept);
      case Write.Record record -> recording.add(record);
      default -> {
        return false;
      }
    }
    return writes.add(write);
  }

  private void add(Write.Accept accept) {
    String tenant = erasing.among(accept.events());
    if (tenant == null) {
      accepting.add(accept);
    } else {
      refused.put(writes.size(), new Written.Refused(tenant));
    }
  }

  /** Writes what was added since the last call; the answers are in the order of {@link #add}. */
  List<Written> apply() throws SQLException {
    if (writes.isEmpty()) {
      return List.of();
    }
    List<Written> recorded = recording.isEmpty() ? List.of() : outcomes.record(recording);
    List<Written> accepted = accepting.isEmpty() ? List.of() : accepts.accept(accepting);
    Iterator<Written> nextRecorded = recorded.iterator();
    Iterator<Written> nextAccepted = accepted.iterator();
    var answers = new ArrayList<Written>(writes.size());
    for (int i = 0; i < writes.size(); i++) {
      Written refusal = refused.get(i);
      if (refusal != null) {
        answers.add(refusal);
      } else {
        boolean outcome = writes.get(i) instanceof Write.Record;
        answers.add(outcome ? nextRecorded.next() : nextAccepted.next());
      }
    }
    List<Written> told = notices.with(writes, answers);
    refused.clear();
    writes.clear();
    recording.clear();
    accepting.clear();
    return told;
  }
}
