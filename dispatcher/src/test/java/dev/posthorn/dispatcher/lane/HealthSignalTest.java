package dev.posthorn.dispatcher.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.dispatcher.store.EndpointState;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthSignalTest {
  @ParameterizedTest
  @CsvSource({
    "SUCCESS,         HEALTHY,  HEALTHY",
    "SUCCESS,         FAILING,  HEALTHY",
    "SUCCESS,         DISABLED, DISABLED",
    "FAILURE,         HEALTHY,  HEALTHY",
    "FAILURE,         FAILING,  FAILING",
    "FAILURE,         DISABLED, DISABLED",
    "FAILED_OFTEN,    HEALTHY,  FAILING",
    "FAILED_OFTEN,    FAILING,  FAILING",
    "FAILED_OFTEN,    DISABLED, DISABLED",
    "FAILED_TOO_LONG, HEALTHY,  DISABLED",
    "FAILED_TOO_LONG, FAILING,  DISABLED",
    "FAILED_TOO_LONG, DISABLED, DISABLED",
    "GONE,            HEALTHY,  DISABLED",
    "GONE,            FAILING,  DISABLED",
    "GONE,            DISABLED, DISABLED",
    "ENABLED,         HEALTHY,  HEALTHY",
    "ENABLED,         FAILING,  HEALTHY",
    "ENABLED,         DISABLED, HEALTHY",
  })
  void everySignalMovesEveryState(HealthSignal signal, EndpointState from, EndpointState to) {
    assertThat(signal.from(from)).isEqualTo(to);
  }
}
