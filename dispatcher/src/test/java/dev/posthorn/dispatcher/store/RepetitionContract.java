package dev.posthorn.dispatcher.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The database goes at every point of every call in turn; who then writes again what was refused
 * ends where an undisturbed one ends.
 */
abstract class RepetitionContract {
  /** With fewer lines the sequence has lost some of its kinds of writes. */
  private static final int LINES = 38;

  /** Opens the store under test. */
  abstract DeliveryStore open(Countdown before, Countdown after);

  /** How many points there are at least. */
  abstract int points();

  @Test
  void whatNeverReachedTheDatabaseIsWrittenByTheNextTry() {
    var fault = new Countdown();
    try (DeliveryStore store = open(fault, new Countdown())) {
      check(store, fault);
    }
  }

  @Test
  void whatWasDoneBeforeItsAnswerWasLostIsNotDoneTwice() {
    var fault = new Countdown();
    try (DeliveryStore store = open(new Countdown(), fault)) {
      check(store, fault);
    }
  }

  private void check(DeliveryStore store, Countdown fault) {
    var undisturbed = new EveryWrite(store, fault, 0, 0);
    List<String> whole = undisturbed.play();
    undisturbed.clear();
    assertThat(whole).hasSizeGreaterThan(LINES);
    int refused = 0;
    int point = 0;
    EveryWrite writes;
    do {
      point++;
      writes = new EveryWrite(store, fault, point, point);
      assertThat(writes.play()).as("point " + point).isEqualTo(whole);
      refused += writes.refused();
      writes.clear();
    } while (writes.refused() > 0);
    assertThat(refused).isGreaterThan(points());
  }
}
