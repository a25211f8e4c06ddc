package dev.posthorn.dispatcher.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.dispatcher.replay.Selection.Verdict;
import dev.posthorn.dispatcher.store.ReplayLog.Candidate;
import dev.posthorn.dispatcher.store.ReplayLog.Candidates;
import dev.posthorn.dispatcher.store.ReplayLog.Standing;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SlicePlanTest {
  private static final Instant T0 = Instant.parse("2026-11-22T10:00:00Z");

  private static Candidates candidates(int count, boolean end) {
    return new Candidates(
        LongStream.rangeClosed(1, count)
            .mapToObj(seq -> candidate(seq, T0.plusSeconds(seq)))
            .toList(),
        "next",
        end);
  }

  private static Candidate candidate(long seq, @Nullable Instant accepted) {
    return new Candidate("mark-" + seq, seq, "a", accepted, true, Standing.DEAD);
  }

  @Test
  void whatIsWantedGoesIntoTheSlice() {
    SlicePlan plan =
        SlicePlan.of(
            candidates(6, false),
            100,
            event ->
                switch ((int) event.seq() % 3) {
                  case 0 -> Verdict.EXPIRED;
                  case 1 -> Verdict.AGAIN;
                  default -> Verdict.OTHER;
                });
    assertThat(plan).isEqualTo(new SlicePlan(List.of(1L, 4L), 2, "next", T0.plusSeconds(6), false));
  }

  @Test
  void aFullSliceStopsBehindItsLastEvent() {
    SlicePlan plan = SlicePlan.of(candidates(500, true), 1_000, _ -> Verdict.AGAIN);
    assertThat(plan.seqs()).hasSize(SlicePlan.MOST);
    assertThat(plan.cursor()).isEqualTo("mark-200");
    assertThat(plan.reached()).isEqualTo(T0.plusSeconds(200));
    assertThat(plan.end()).isFalse();
  }

  @Test
  void aSliceIsAtMostASecondsWorth() {
    assertThat(SlicePlan.of(candidates(9, true), 3, _ -> Verdict.AGAIN).seqs()).hasSize(3);
  }

  @Test
  void aFullSliceAtTheVeryEndIsTheLast() {
    assertThat(SlicePlan.of(candidates(3, true), 3, _ -> Verdict.AGAIN).end()).isTrue();
    assertThat(SlicePlan.of(candidates(3, false), 3, _ -> Verdict.AGAIN).end()).isFalse();
    assertThat(SlicePlan.of(candidates(0, true), 3, _ -> Verdict.AGAIN).end()).isTrue();
  }

  @Test
  void anEventThatIsNotThereHasNoTime() {
    var unknown = new Candidates(List.of(candidate(1, T0), candidate(-1, null)), "2", true);
    SlicePlan plan = SlicePlan.of(unknown, 3, _ -> Verdict.EXPIRED);
    assertThat(plan.reached()).isEqualTo(T0);
    assertThat(plan.expired()).isEqualTo(2);
  }

  @Test
  void thePauseKeepsTheRate() {
    assertThat(SlicePlan.pauseMillis(200, 100)).isEqualTo(2_000);
    assertThat(SlicePlan.pauseMillis(1, 1)).isEqualTo(1_000);
    assertThat(SlicePlan.pauseMillis(0, 1)).isEqualTo(10);
  }
}
