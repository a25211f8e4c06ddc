package dev.posthorn.dispatcher.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.core.config.OutcomeClass;
import dev.posthorn.dispatcher.store.AttemptDetail;
import dev.posthorn.dispatcher.store.Next;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RetryScheduleTest {
  private static final List<Long> DELAYS = List.of(5_000L, 30_000L);
  private static final long NEVER_TOO_OLD = Long.MAX_VALUE;

  @Test
  void aScheduleOfTwoDelaysAllowsThreeAttempts() {
    assertThat(after(1, 0, NEVER_TOO_OLD)).isInstanceOf(Next.Retry.class);
    assertThat(after(2, 0, NEVER_TOO_OLD)).isInstanceOf(Next.Retry.class);
    assertThat(after(3, 0, NEVER_TOO_OLD)).isInstanceOf(Next.Dead.class);
  }

  @Test
  void delaysVaryByAFifth() {
    var random = new Random(7);
    var waits =
        LongStream.range(0, 1_000)
            .mapToObj(_ -> RetrySchedule.jittered(5_000, random))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(waits.first()).isBetween(4_000L, 4_100L);
    assertThat(waits.last()).isBetween(5_900L, 6_000L);
  }

  @Test
  void waitsAsLongAsTheReceiverAsksButNotLongerThanADay() {
    assertThat(due(after(1, 3_600_000, NEVER_TOO_OLD))).isEqualTo(1_000 + 3_600_000);
    assertThat(due(after(1, 999_999_999, NEVER_TOO_OLD))).isEqualTo(1_000 + 86_400_000);
  }

  @Test
  void aShorterRetryAfterDoesNotHurryTheSchedule() {
    assertThat(due(after(2, 1, NEVER_TOO_OLD))).isGreaterThanOrEqualTo(1_000 + 24_000);
  }

  @Test
  void ageEndsItBeforeTheScheduleDoes() {
    assertThat(after(1, 0, 3_000)).isInstanceOf(Next.Dead.class);
  }

  private static Next after(int n, long retryAfter, long ends) {
    var result =
        new Message.Result(
            0, 1_000, OutcomeClass.HTTP_5XX, 503, null, retryAfter, null, AttemptDetail.NONE);
    return RetrySchedule.afterFailure(DELAYS, n, ends, result, new Random(3));
  }

  private static long due(Next next) {
    return ((Next.Retry) next).due().toEpochMilli();
  }
}
