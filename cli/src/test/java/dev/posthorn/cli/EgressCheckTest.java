package dev.posthorn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EgressCheckTest {
  @ParameterizedTest
  @CsvSource({
    "http://example.com/, scheme",
    "https://127.0.0.1/, loopback",
    "https://2130706433/, ends-in-number",
    "https://169.254.169.254/latest, metadata-address",
    "https://localhost/, ",
    "https://user@example.com/, userinfo",
  })
  void aDeniedUrlNamesItsRule(String url, String rule) {
    CommandRun run = CommandRun.of("egress", "check", url);

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).startsWith("denied (" + (rule == null ? "" : rule + "): "));
  }

  @Test
  void anOpenedRangeIsReachable() {
    CommandRun run =
        CommandRun.of(
            "egress",
            "check",
            "http://127.0.0.1:8080/in",
            "--allow-http",
            "--allow-cidr",
            "127.0.0.1/32:8080");

    assertThat(run.out()).isEqualToNormalizingNewlines("reachable: 127.0.0.1 port 8080\n");
    assertThat(run.exitCode()).isZero();
  }
}
