package dev.posthorn.dispatcher.store;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Which erasures go on, as far as the listener of the store thread knows, and when. */
final class RunningErasures {
  /** Between two tries to empty the log while somebody reads. */
  private static final long PAUSE_NANOS = 20_000_000;

  /** Between two looks at an erasure that another process does. */
  private static final long ELSEWHERE_NANOS = 250_000_000;

  private final Set<String> tenants = new LinkedHashSet<>();

  /** Whether the store has none to go on with although some never ended for the listener. */
  private boolean unheardEnds;

  private long nextNanos = System.nanoTime();

  RunningErasures(Collection<String> begun) {
    tenants.addAll(begun);
  }

  /** Some of these may be new. */
  void begun(Collection<String> begun) {
    if (tenants.addAll(begun)) {
      nextNanos = System.nanoTime();
    }
  }

  /** Somebody asked for this one, perhaps again. */
  void asked(String tenant) {
    tenants.add(tenant);
    nextNanos = System.nanoTime();
  }

  /** Whether it is time for a slice. */
  boolean due() {
    return !tenants.isEmpty() && nextNanos - System.nanoTime() <= 0;
  }

  /** The store can be written again, or not: look at once. */
  void soon() {
    nextNanos = System.nanoTime();
  }

  /** How long until a slice is due; {@code most} where none is. */
  long waitNanos(long most) {
    return tenants.isEmpty() ? most : Math.clamp(nextNanos - System.nanoTime(), 0, most);
  }

  /** A slice was done. */
  void sliced(Written.Sliced sliced) {
    if (sliced.completed() != null) {
      tenants.remove(sliced.completed().tenant());
    }
    unheardEnds = sliced.tenant() == null && !tenants.isEmpty();
    boolean more = sliced.rowsLeft() || sliced.completed() != null;
    long pause = sliced.tenant() == null ? ELSEWHERE_NANOS : PAUSE_NANOS;
    nextNanos = System.nanoTime() + (more ? 0 : pause);
  }

  /** Tells those that ended although nobody knew whether their commits were done. */
  void tellEnds(DeliveryStore store, Turn turn) {
    if (!unheardEnds) {
      return;
    }
    for (String tenant : List.copyOf(tenants)) {
      Erasure last = store.erasure(tenant);
      if (last != null && last.completed() != null) {
        turn.add(last);
        tenants.remove(tenant);
      }
    }
    unheardEnds = false;
  }
}
