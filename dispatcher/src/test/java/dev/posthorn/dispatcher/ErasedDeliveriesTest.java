package dev.posthorn.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.dispatcher.store.Committed;
import dev.posthorn.dispatcher.store.ErasedKind;
import dev.posthorn.dispatcher.store.Erasure;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ErasedDeliveriesTest {
  private final ErasedDeliveries deliveries = new ErasedDeliveries();

  private static Erasure erasure(long total, @Nullable Instant completed) {
    var deleted = Map.of(ErasedKind.DELIVERIES, total);
    return new Erasure(1, "acme", Instant.EPOCH, "ops", completed, deleted);
  }

  private long slice(long rows) {
    return deliveries.more(new Committed.Erased("acme", false, rows, null));
  }

  private long end(long rows, long total) {
    return deliveries.more(
        new Committed.Erased("acme", false, rows, erasure(total, Instant.EPOCH)));
  }

  @Test
  void eachIsCountedOnce() {
    assertThat(slice(3) + slice(4) + end(2, 9)).isEqualTo(9);
    assertThat(slice(1) + end(0, 1)).as("of the next erasure").isEqualTo(1);
  }

  @Test
  void thoseOfASliceThatNobodyHeardOfAreCountedAtTheEnd() {
    assertThat(slice(3)).isEqualTo(3);
    assertThat(end(0, 9)).isEqualTo(6);
  }

  @Test
  void thoseOfAnEarlierProcessAreNotThisOnes() {
    deliveries.before(erasure(5, null));
    assertThat(slice(3) + end(0, 9)).isEqualTo(4);
  }
}
