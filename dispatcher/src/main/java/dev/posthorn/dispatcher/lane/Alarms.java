package dev.posthorn.dispatcher.lane;

import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.Consumer;

/**
 * When which endpoint must be looked at again; one alarm per endpoint. Setting a later one costs
 * nothing: the earlier one rings in vain once, and is set again by whoever looks.
 */
final class Alarms {
  private final PriorityQueue<Alarm> queue = new PriorityQueue<>();
  private final Map<Integer, Long> earliest = new HashMap<>();

  private record Alarm(long at, Endpoint endpoint) implements Comparable<Alarm> {
    @Override
    public int compareTo(Alarm other) {
      return Long.compare(at, other.at);
    }
  }

  /** Makes sure that the endpoint is looked at when {@code at} has come. */
  void set(Endpoint endpoint, long at) {
    Long known = earliest.get(endpoint.number());
    if (at != Long.MAX_VALUE && (known == null || at < known)) {
      earliest.put(endpoint.number(), at);
      queue.add(new Alarm(at, endpoint));
    }
  }

  /** When the next one rings; {@link Long#MAX_VALUE} for none. */
  long next() {
    Alarm first = queue.peek();
    return first == null ? Long.MAX_VALUE : first.at();
  }

  /** Takes out all whose time has come. */
  void due(long now, Consumer<Endpoint> action) {
    for (Alarm first = queue.peek(); first != null && first.at() <= now; first = queue.peek()) {
      queue.remove();
      earliest.remove(first.endpoint().number(), first.at());
      action.accept(first.endpoint());
    }
  }
}
