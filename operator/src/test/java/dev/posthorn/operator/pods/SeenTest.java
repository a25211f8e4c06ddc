package dev.posthorn.operator.pods;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.posthorn.core.config.ResourceName;
import dev.posthorn.operator.pods.Seen.Verdict;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SeenTest {
  @Test
  void everyReadyPodMustHaveSeenTheVersion() {
    var seen = new Seen(2, List.of(report(9, 0), report(7, 0)));

    assertThat(seen.verdict("endpoint-1", 7)).isEqualTo(new Verdict.Programmed());
    assertThat(seen.verdict("endpoint-1", 8)).isEqualTo(new Verdict.Pending());
  }

  @Test
  void versionsAreNumbersNotTexts() {
    assertThat(new Seen(1, List.of(report(10, 0))).verdict("endpoint-1", 9))
        .isEqualTo(new Verdict.Programmed());
  }

  @Test
  void aPodThatDoesNotAnswerHasSeenNothing() {
    assertThat(new Seen(2, List.of(report(9, 0))).verdict("endpoint-1", 7))
        .isEqualTo(new Verdict.Pending());
  }

  @Test
  void aPodWithoutAWatchLeavesItOpen() {
    assertThat(new Seen(1, List.of(report(9, 61))).verdict("endpoint-1", 7))
        .isEqualTo(new Verdict.Stale());
    assertThat(new Seen(2, List.of(report(9, 0), report(9, 61))).stale()).isTrue();
    assertThat(new Seen(1, List.of(report(9, 60))).stale()).isFalse();
  }

  @Test
  void whatAPodRefusesIsRejected() {
    var report = new PodReport(9, 0, Map.of("endpoint-1", "unknown scheme"), List.of(), Map.of());

    assertThat(new Seen(1, List.of(report)).verdict("endpoint-1", 7))
        .isEqualTo(new Verdict.Rejected("unknown scheme"));
    assertThat(new Seen(1, List.of(report)).verdict("endpoint-2", 7))
        .isEqualTo(new Verdict.Programmed());
  }

  @Test
  void theAnswerOfAPodIsReadWithAllItsParts() throws IOException {
    var json =
        """
        {"watchedResourceVersion": "123", "live": true, "ageSeconds": 4,
         "rejected": [{"object": "keys-1", "error": "lower revision"}],
         "denials": [{"keyringId": "ab", "keyId": "k_1", "time": "2026-11-27T12:00:00Z"}],
         "streams": [{"namespace": "acme", "name": "orders", "state": "Unreachable"}],
         "later": 1}
        """;

    var report = new JsonMapper().readValue(json, PodReport.Wire.class).report();

    assertThat(report.version()).isEqualTo(123);
    assertThat(report.ageSeconds()).isEqualTo(4);
    assertThat(report.error("keys-1")).contains("lower revision");
    var seen = new Seen(1, List.of(report));
    assertThat(seen.denials("ab")).singleElement().extracting("keyId").isEqualTo("k_1");
    assertThat(seen.stream(new ResourceName("acme", "orders"))).isEqualTo("Unreachable");
    assertThat(seen.connecting()).isTrue();
    assertThat(seen.changedStreams(Seen.NOTHING))
        .containsExactly(new ResourceName("acme", "orders"));
  }

  private static PodReport report(long version, long age) {
    return new PodReport(version, age, Map.of(), List.of(), Map.of());
  }
}
