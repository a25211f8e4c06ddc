package dev.posthorn.dispatcher.store;

import java.sql.SQLException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** One kind of rows that an erasure deletes, in slices. */
interface ErasureStep {
  /**
   * Whose rows go.
   *
   * @param tenant its number
   * @param sources streams of that tenant alone
   */
  record Target(int tenant, List<String> sources) {}

  /** What a slice deleted. */
  final class Counts {
    private final Map<ErasedKind, Long> byKind = new EnumMap<>(ErasedKind.class);

    void add(ErasedKind kind, long rows) {
      if (rows > 0) {
        byKind.merge(kind, rows, Long::sum);
      }
    }

    long of(ErasedKind kind) {
      return byKind.getOrDefault(kind, 0L);
    }

    Map<ErasedKind, Long> byKind() {
      return byKind;
    }
  }

  /** Begins anew: for another tenant. */
  default void restart() {}

  /**
   * Deletes about {@code most} rows at most.
   *
   * @return how many were looked at; 0 when there are none left
   */
  int delete(Target target, int most, Counts counts) throws SQLException;
}
