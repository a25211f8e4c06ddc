package dev.posthorn.operator.reconcile;

import dev.posthorn.core.config.ResourceName;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Counts writes of health, for the limits of {@link Mirror}. Thread-safe. */
final class MirrorWrites {
  private static final int PER_SECOND = 20;

  private final Map<ResourceName, Instant> last = new ConcurrentHashMap<>();
  private long second; // guarded by this
  private int inSecond; // guarded by this

  @Nullable Instant last(ResourceName endpoint) {
    return last.get(endpoint);
  }

  synchronized boolean turn(Instant now) {
    return now.getEpochSecond() != second || inSecond < PER_SECOND;
  }

  void wrote(ResourceName endpoint, Instant now) {
    last.put(endpoint, now);
    synchronized (this) {
      inSecond = now.getEpochSecond() == second ? inSecond + 1 : 1;
      second = now.getEpochSecond();
    }
  }

  void forget(ResourceName endpoint) {
    last.remove(endpoint);
  }
}
