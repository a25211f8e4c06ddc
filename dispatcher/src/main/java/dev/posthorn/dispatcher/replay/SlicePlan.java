package dev.posthorn.dispatcher.replay;

import dev.posthorn.dispatcher.store.ReplayLog.Candidate;
import dev.posthorn.dispatcher.store.ReplayLog.Candidates;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the next slice of a replay does.
 *
 * @param seqs events to be delivered again, at most so many as fit into a slice
 * @param expired how many more are wanted whose data is gone
 * @param cursor where the slice after it begins
 * @param reached acceptance of the event looked at last; null for none
 * @param end whether it is the last
 */
record SlicePlan(
    List<Long> seqs, int expired, String cursor, @Nullable Instant reached, boolean end) {
  /** Deliveries in a slice at most: a transaction with them is short. */
  static final int MOST = 200;

  /** Without a pause between slices that find nothing, a long log would keep a core busy. */
  private static final long SHORTEST_PAUSE_MILLIS = 10;

  private static final long MILLIS = 1_000;

  /** Looks at candidates in their order, until the slice is full. */
  static SlicePlan of(
      Candidates candidates, int ratePerSecond, Function<Candidate, Selection.Verdict> verdict) {
    int most = Math.clamp(ratePerSecond, 1, MOST);
    var seqs = new ArrayList<Long>();
    int expired = 0;
    Instant reached = null;
    for (Candidate each : candidates.events()) {
      reached = each.accepted() == null ? reached : each.accepted();
      switch (verdict.apply(each)) {
        case AGAIN -> seqs.add(each.seq());
        case EXPIRED -> expired++;
        case OTHER -> {
          // Not what the replay is about.
        }
      }
      if (seqs.size() == most) {
        boolean last = candidates.end() && each.equals(candidates.events().getLast());
        return new SlicePlan(seqs, expired, each.mark(), reached, last);
      }
    }
    return new SlicePlan(seqs, expired, candidates.next(), reached, candidates.end());
  }

  /** How long to wait after {@code moved} deliveries, so that the rate is kept. */
  static long pauseMillis(int moved, int ratePerSecond) {
    return Math.max(SHORTEST_PAUSE_MILLIS, moved * MILLIS / ratePerSecond);
  }
}
