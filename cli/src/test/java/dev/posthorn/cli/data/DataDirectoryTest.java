package dev.posthorn.cli.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.posthorn.cli.terminal.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DataDirectoryTest {
  @TempDir private Path dir;

  @Test
  void itIsMadeForItsOwnerOnly() throws IOException {
    try (var data = DataDirectory.open(dir.resolve("deep/data"))) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.path())))
          .isEqualTo("rwx------");
    }
  }

  @Test
  void aSecondOwnerIsToldWhoHasItAndWhatToDo() throws IOException {
    try (var first = DataDirectory.open(dir)) {
      assertThatThrownBy(() -> DataDirectory.open(first.path()))
          .isInstanceOf(Refusal.class)
          .hasMessageContaining("(process " + ProcessHandle.current().pid() + ")")
          .hasMessageContaining("give this one its own --data");
    }
  }

  @Test
  void itIsFreeAgainOnceClosed() throws IOException {
    DataDirectory.open(dir).close();

    try (var again = DataDirectory.open(dir)) {
      assertThat(again.path()).isEqualTo(dir);
    }
  }

  @Test
  void aFileInItsPlaceIsRefused() throws IOException {
    Path file = Files.createFile(dir.resolve("file"));

    assertThatThrownBy(() -> DataDirectory.open(file)).hasMessageContaining("is not a directory");
  }

  @Test
  void theAdminTokenIsMadeOnceAndReadableByItsOwnerOnly() throws IOException {
    try (var data = DataDirectory.open(dir)) {
      AdminToken made = AdminToken.in(data, new SecureRandom());
      AdminToken read = AdminToken.in(data, new SecureRandom());

      assertThat(made.made()).isTrue();
      assertThat(read.made()).isFalse();
      assertThat(read.value()).isEqualTo(made.value()).hasSize(47);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made.file())))
          .isEqualTo("rw-------");
      assertThat(made.toString()).doesNotContain(made.value());
    }
  }

  @Test
  void aDamagedTokenIsNamedAndNotReplaced() throws IOException {
    try (var data = DataDirectory.open(dir)) {
      Files.writeString(dir.resolve("admin-token"), "oops\n");

      assertThatThrownBy(() -> AdminToken.in(data, new SecureRandom()))
          .isInstanceOf(Refusal.class)
          .hasMessageContaining("delete it");
    }
  }
}
