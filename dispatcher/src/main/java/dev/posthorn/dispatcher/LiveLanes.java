package dev.posthorn.dispatcher;

import dev.posthorn.dispatcher.store.Lane;
import dev.posthorn.dispatcher.store.Shared;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The lanes that this process has, as the store said last. Thread-safe. */
final class LiveLanes {
  private volatile @Nullable Set<Integer> lanes;

  /**
   * Nothing was said yet.
   *
   * @param isShared whether others use the same database: else all lanes are this process's
   */
  LiveLanes(boolean isShared) {
    lanes = isShared ? Set.of() : null;
  }

  void hear(Shared shared) {
    Shared.Ownership ownership = shared.ownership();
    if (ownership != null) {
      lanes = ownership.lanes();
    }
  }

  /** Whether this process sends for a tenant. */
  boolean own(String tenant) {
    Set<Integer> present = lanes;
    return present == null || present.contains(Lane.of(tenant));
  }

  int count() {
    Set<Integer> present = lanes;
    return present == null ? Lane.COUNT : present.size();
  }

  /** Whether other processes may have some of them. */
  boolean areShared() {
    return lanes != null;
  }
}
