package dev.posthorn.dispatcher.store;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * How far a process has heard of the events of each lane and writer. The events of one writer are
 * committed in the order of their numbers; those of several are not, so each has a cursor of its
 * own. A writer without a cursor is heard from its first event on.
 */
final class Cursors {
  private final Map<Integer, Map<Long, Long>> byLane = new HashMap<>();

  /** Begins a lane: what is in the store already comes by pages. */
  void begin(int lane, Map<Long, Long> newest) {
    if (newest.isEmpty()) {
      byLane.remove(lane);
    } else {
      byLane.put(lane, new HashMap<>(newest));
    }
  }

  void end(int lane) {
    byLane.remove(lane);
  }

  /** An event was heard. */
  void advance(int lane, long writer, long seq) {
    byLane.computeIfAbsent(lane, _ -> new HashMap<>()).put(writer, seq);
  }

  long of(int lane, long writer) {
    return byLane.getOrDefault(lane, Map.of()).getOrDefault(writer, 0L);
  }

  /** Writers that have a cursor anywhere. */
  Set<Long> writers() {
    var writers = new HashSet<Long>();
    byLane.values().forEach(each -> writers.addAll(each.keySet()));
    return writers;
  }

  /** A writer that is gone, and had nothing more to say. */
  void forget(long writer) {
    byLane.values().forEach(each -> each.remove(writer));
  }

  /** Called for each lane, writer and cursor. */
  void forEach(Visitor visitor) {
    byLane.forEach(
        (lane, cursors) -> cursors.forEach((writer, seq) -> visitor.visit(lane, writer, seq)));
  }

  /** Takes a cursor in. */
  @FunctionalInterface
  interface Visitor {
    void visit(int lane, long writer, long seq);
  }
}
