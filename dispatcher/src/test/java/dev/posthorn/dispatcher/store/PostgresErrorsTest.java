package dev.posthorn.dispatcher.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresErrorsTest {
  private static RuntimeException translate(@Nullable String state, boolean committing) {
    return PostgresErrors.translate("db on h", new SQLException("it said so", state), committing);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "08006", "08001", "57P01", "57P02", "57P03", "57014", "53100", "53300", "25006", "25P03",
        "40001", "40P01", "55P03", "58030", "28P01"
      })
  void whatMayPassIsUnavailable(String state) {
    assertThat(translate(state, false))
        .isInstanceOfSatisfying(
            StoreUnavailableException.class,
            e -> {
              assertThat(e.unknown()).isFalse();
              assertThat(e).hasMessageContaining("db on h");
            });
  }

  @ParameterizedTest
  @CsvSource({
    "08006, true",
    "08003, true",
    "57P01, true",
    "57P02, true",
    "53100, true",
    "40003, true",
    "40001, false",
    "40P01, false"
  })
  void aCommitIsUnknownUnlessTheServerSaysThatItRolledBack(String state, boolean unknown) {
    assertThat(translate(state, true))
        .isInstanceOfSatisfying(
            StoreUnavailableException.class, e -> assertThat(e.unknown()).isEqualTo(unknown));
  }

  @ParameterizedTest
  @ValueSource(strings = {"42P01", "23505", "22021", "XX001", "25P02"})
  void anythingElseIsADefect(String state) {
    assertThat(translate(state, true)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void anErrorWithoutAStateIsADefect() {
    assertThat(translate(null, false))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("it said so");
  }

  @Test
  void aFullDiskAndAReadOnlyServerNameTheirCure() {
    assertThat(translate("53100", false)).hasMessageContaining("free space");
    assertThat(translate("25006", false)).hasMessageContaining("primary");
  }
}
