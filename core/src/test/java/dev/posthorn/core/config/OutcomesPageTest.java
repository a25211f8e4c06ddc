package dev.posthorn.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/outcomes.md} is what the enum says. Rewritten by one switch, reviewed as a diff. */
class OutcomesPageTest {
  private static final String REGENERATE = "posthorn.regenerate";
  private static final String COMMAND =
      "mvn -pl core -am test -Dtest=OutcomesPageTest -Dsurefire.failIfNoSpecifiedTests=false -D"
          + REGENERATE
          + "=true";
  private static final Path PAGE = Path.of("..", "docs", "outcomes.md");

  private static final String HEAD =
      """
      # How an attempt ends

      Every attempt ends in exactly one of these classes. It stands in the delivery log, in the metric
      `posthorn_attempts_total{class="..."}` and in an endpoint's health, with these words.

      | class | what happened | what follows | what to do |
      | --- | --- | --- | --- |
      """;

  @Test
  void thePageIsWhatTheEnumSays() throws IOException {
    String page = HEAD + rows() + tail();
    if (Boolean.getBoolean(REGENERATE)) {
      Files.writeString(PAGE, page);
    }
    assertThat(PAGE).as("regenerate with: " + COMMAND).exists().content().isEqualTo(page);
  }

  private static String tail() {
    return """

    *Retried* means: on the endpoint's schedule, and unless `retry` says otherwise that is after
    %s,
    each a fifth more or less at random. `Retry-After` is honoured up to 24 h. After the last attempt,
    or at the age limit (%d days by default), the delivery is a dead letter.

    *Slows down* means also: the endpoint gets half as many requests at once, and slowly more again
    with each success. The statuses 502, 503 and 504 do that too.

    After 10 failures in a row an endpoint is *failing*: one delivery at a time probes it, from every
    5 seconds to every 5 minutes, and the others wait without using up attempts. What fails on
    Posthorn's side (`signing_unavailable`, `payload_error`, `proxy_error`, `shutdown`) does not count.
    """
        .formatted(delays(), Retry.DEFAULT_MAX_AGE_SECONDS / 86_400);
  }

  private static String rows() {
    return Stream.of(OutcomeClass.values())
        .map(each ->
            "| `%s` | %s | %s | %s |\n"
                .formatted(each.wire(), each.meaning(), follows(each), each.cure()))
        .collect(Collectors.joining());
  }

  private static String follows(OutcomeClass outcome) {
    return switch (outcome.consequence()) {
      case DONE -> "done";
      case RETRY -> "retried";
      case SLOW_DOWN -> "retried; slows down";
      case DISABLE -> "the endpoint is disabled; its deliveries wait";
      case END -> "dead letter";
    };
  }

  private static String delays() {
    return Retry.DEFAULT_DELAYS.stream()
        .map(OutcomesPageTest::duration)
        .collect(Collectors.joining(", "));
  }

  private static String duration(long seconds) {
    if (seconds % 3_600 == 0) {
      return seconds / 3_600 + " h";
    }
    return seconds % 60 == 0 ? seconds / 60 + " min" : seconds + " s";
  }
}
