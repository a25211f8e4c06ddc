package dev.posthorn.operator.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The second column is what a kube-apiserver answers; {@code WorkloadManifestsIT} asks one. */
class CanonicalQuantityTest {
  @ParameterizedTest
  @CsvFileSource(resources = "CanonicalQuantityTest/kept.csv")
  void isWhatTheApiServerKeeps(String given, String kept) {
    assertThat(CanonicalQuantity.of(given)).hasToString(kept);
    assertThat(CanonicalQuantity.of(kept)).hasToString(kept);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e3", "1n", "1u"})
  void whatTheSchemaRefusesIsNoQuantity(String given) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CanonicalQuantity.of(given))
        .withMessageContaining("is no suffix of a quantity");
  }
}
