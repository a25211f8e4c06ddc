package dev.posthorn.core.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EventIdTest {
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

  @Test
  void laterIdsSortAfterEarlierOnes() {
    var random = new Random(1);
    assertThat(EventId.next(NOON.plusMillis(1), random).value())
        .isGreaterThan(EventId.next(NOON, random).value());
  }

  @Test
  void isPrefixAndTwentySixLowerCaseCharacters() {
    assertThat(EventId.next(NOON, new Random(1)).value()).matches("msg_[0-9a-z]{26}");
  }

  @Test
  void refusesOtherForms() {
    assertThatThrownBy(() -> new EventId("evt_1")).hasMessageContaining("evt_1");
  }

  @Test
  void readsWhatItMakesAndNothingElse() {
    EventId id = EventId.next(NOON, new Random(1));
    assertThat(EventId.parse(id.value())).contains(id);
    for (String other : new String[] {"", "msg_", "msg_" + "u".repeat(26), id + "0", "MSG_1"}) {
      assertThat(EventId.parse(other)).isEmpty();
    }
  }
}
