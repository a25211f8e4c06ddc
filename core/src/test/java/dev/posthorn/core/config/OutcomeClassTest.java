package dev.posthorn.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class OutcomeClassTest {
  @Test
  void textsAreTheContractsInItsOrder() {
    assertThat(
            Stream.of(OutcomeClass.values())
                .map(OutcomeClass::wire)
                .collect(Collectors.joining(" ")))
        .isEqualTo(
            "delivered policy_denied dns_not_found dns_temporary connect_refused connect_timeout"
                + " connect_unreachable tls_expired tls_not_yet_valid tls_untrusted tls_hostname"
                + " tls_protocol tls_client_certificate reset request_timeout response_too_large"
                + " http_3xx http_410 http_429 http_4xx http_5xx proxy_error signing_unavailable"
                + " payload_error expired endpoint_removed shutdown");
  }

  @ParameterizedTest
  @EnumSource
  void everyClassIsFoundByItsText(OutcomeClass outcome) {
    assertThat(OutcomeClass.ofWire(outcome.wire())).contains(outcome);
  }

  @Test
  void textOfANewerVersionIsNoClassAndNoError() {
    assertThat(OutcomeClass.ofWire("http_6xx")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "200,delivered",
    "204,delivered",
    "299,delivered",
    "301,http_3xx",
    "304,http_3xx",
    "400,http_4xx",
    "408,http_4xx",
    "410,http_410",
    "429,http_429",
    "499,http_4xx",
    "500,http_5xx",
    "503,http_5xx",
    "599,http_5xx",
    "600,http_5xx",
    "999,http_5xx",
    "101,http_5xx"
  })
  void everyStatusHasOneClass(int status, String wire) {
    assertThat(OutcomeClass.ofStatus(status).wire()).isEqualTo(wire);
  }

  @ParameterizedTest
  @EnumSource(names = {"DELIVERED", "HTTP_410", "EXPIRED", "ENDPOINT_REMOVED"})
  void onlyFourClassesAreNotRetried(OutcomeClass outcome) {
    assertThat(outcome.retried()).isFalse();
    assertThat(Stream.of(OutcomeClass.values()).filter(c -> !c.retried())).hasSize(4);
  }
}
