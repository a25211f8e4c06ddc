package dev.posthorn.dispatcher.send;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryAfterTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0|0",
        "120|120",
        " 5 |5",
        "1.9|1",
        "86400|86400",
        "86401|86400",
        "999999999999999999|86400",
        "Sun, 22 Nov 2026 10:00:30 GMT|30",
        "Sun, 22 Nov 2026 09:00:00 GMT|0",
        "Mon, 22 Nov 2027 10:00:00 GMT|86400"
      })
  void secondsAndDatesAreDelaysOfAtMostADay(String value, long seconds) {
    assertThat(RetryAfter.parse(value, Sending.NOW)).isEqualTo(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"''", "-1", "soon", "1e3", "0x10", "Sun, 22 Nov", "99999999999999999999"})
  void otherTextsAreNoWish(String value) {
    assertThat(RetryAfter.parse(value, Sending.NOW)).isNull();
  }

  @Test
  void noHeaderIsNoWish() {
    assertThat(RetryAfter.parse(null, Sending.NOW)).isNull();
    assertThat(RetryAfter.date(null)).isNull();
  }
}
