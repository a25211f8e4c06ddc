package dev.posthorn.operator.workload;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The right column is what a kube-apiserver answers; {@code WorkloadManifestsIT} asks one. */
class CanonicalQuantityTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "0Mi, 0",
    "1, 1",
    "0.5, 500m",
    "1000m, 1",
    "1500m, 1500m",
    "1.5, 1500m",
    "1000, 1k",
    "1024, 1024",
    "100000, 100k",
    "1500k, 1500k",
    "1000M, 1G",
    "1024Mi, 1Gi",
    "1536Mi, 1536Mi",
    "1.5Gi, 1536Mi",
    "0.5Gi, 512Mi",
    "0.5Ki, 512",
    "1Ki, 1Ki",
    "2048Ki, 2Mi",
    "0.1Gi, 107374182400m",
    "1024Pi, 1Ei",
    "1e3, 1e3",
    "1000e3, 1e6",
    "1500e0, 1500",
    "0.1e3, 100",
    "1u, 1u",
    "1000u, 1m",
    "100n, 100n",
    "0.0000000001, 1n",
  })
  void isWhatTheApiServerKeeps(String given, String kept) {
    assertThat(CanonicalQuantity.of(given)).hasToString(kept);
    assertThat(CanonicalQuantity.of(kept)).hasToString(kept);
  }
}
