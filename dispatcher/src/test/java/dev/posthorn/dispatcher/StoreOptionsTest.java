package dev.posthorn.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StoreOptionsTest {
  @TempDir private Path data;

  @ParameterizedTest
  @EnumSource(value = Role.class, mode = EnumSource.Mode.EXCLUDE, names = "ALL")
  void aFileIsForAProcessThatDoesAll(Role role) {
    assertThatThrownBy(() -> StoreOptions.embedded().open(data, role))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "the embedded store is for one process that does all: give --store a PostgreSQL"
                + " database, or leave --role out");
    assertThat(data).isEmptyDirectory();
  }

  @Test
  void rolesAreSpelledInLowerCase() {
    assertThat(Role.parse("worker")).isEqualTo(Role.WORKER);
    assertThatThrownBy(() -> Role.parse("Worker"))
        .hasMessage("Worker is no role; write all, gateway or worker");
  }
}
