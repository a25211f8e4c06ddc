package dev.posthorn.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndpointTransitionsTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1, 1",
    "9, 1",
    "10, 10",
    "99, 10",
    "100, 100",
    "999, 100",
    "1000, 1000",
    "9999, 1000",
    "10000, 10000",
    "5000000, 10000"
  })
  void aBucketIsTheLargestThatIsFull(long count, long bucket) {
    assertThat(EndpointTransitions.bucket(count)).isEqualTo(bucket);
  }
}
