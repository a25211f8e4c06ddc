package dev.posthorn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EnvironmentTest {
  @TempDir private Path dir;

  @Test
  void aMisspeltVariableIsNamedWithWhatItWasMeantToBe() {
    CommandRun run = CommandRun.with(Map.of("POSTHORN_LISTN", "x:1"), "run", dir.toString());

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .contains("POSTHORN_LISTN is unknown")
        .contains("did you mean POSTHORN_LISTEN?")
        .contains("POSTHORN_ALLOW_CIDR");
  }

  @ParameterizedTest
  @CsvSource({
    "POSTHORN_LISTEN, nowhere, --listen",
    "POSTHORN_ALLOW_CIDR, 10.0.0.0/33, --allow-cidr",
    "POSTHORN_LOG_FORMAT, xml, --log-format",
    "POSTHORN_MAX_CONCURRENCY, 0, --max-concurrency",
    "POSTHORN_STORE, mysql://u:secret@h/db, --store",
  })
  void aValueThatIsWrongIsRefusedLikeTheOptions(String name, String value, String option) {
    CommandRun run = CommandRun.with(Map.of(name, value), "run", dir.toString());

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err().strip()).contains(option).doesNotContain("\n").doesNotContain("secret");
  }

  @Test
  void theCommandLineWins() {
    CommandRun run =
        CommandRun.with(
            Map.of("POSTHORN_LISTEN", "nowhere"),
            "run",
            dir.resolve("gone").toString(),
            "--listen",
            "127.0.0.1:0");

    assertThat(run.err()).contains("gone does not exist");
  }

  @Test
  void otherCommandsDoNotCare() {
    CommandRun run = CommandRun.with(Map.of("POSTHORN_LISTN", "x"), "sign", "--help");

    assertThat(run.exitCode()).isZero();
  }
}
