package dev.posthorn.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TargetTest {
  @ParameterizedTest
  @CsvSource({
    "https://hooks.example.com/services/T0/secret?token=s#f, https://hooks.example.com",
    "https://hooks.example.com:8443/x, https://hooks.example.com:8443",
    "https://user:secret@hooks.example.com/x, https://hooks.example.com",
    "https://[2001:db8::1]/x, https://[2001:db8::1]",
    "no url at all, (no URL)",
    "mailto:secret@example.com, (no host)"
  })
  void peopleSeeTheOriginOnly(String url, String shown) {
    assertThat(new Target(url, true)).hasToString(shown);
  }
}
