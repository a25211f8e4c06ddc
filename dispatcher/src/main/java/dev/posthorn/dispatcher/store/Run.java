package dev.posthorn.dispatcher.store;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Publishes and outcomes that stand beside each other in a transaction, written kind by kind. Their
 * order does not matter: an outcome is of an event that was committed before.
 */
final class Run {
  private final AcceptWriter accepts;
  private final OutcomeWriter outcomes;
  private final List<Write> writes = new ArrayList<>();
  private final List<Write.Accept> accepting = new ArrayList<>();
  private final List<Write.Record> recording = new ArrayList<>();

  Run(AcceptWriter accepts, OutcomeWriter outcomes) {
    this.accepts = accepts;
    this.outcomes = outcomes;
  }

  /** Adds a write; false where it is of another kind, which everything before it must precede. */
  boolean add(Write write) {
    switch (write) {
      case Write.Accept accept -> accepting.add(accept);
      case Write.Record record -> recording.add(record);
      default -> {
        return false;
      }
    }
    return writes.add(write);
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
    for (Write write : writes) {
      answers.add(write instanceof Write.Record ? nextRecorded.next() : nextAccepted.next());
    }
    writes.clear();
    recording.clear();
    accepting.clear();
    return answers;
  }
}
