package dev.posthorn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.cli.data.DataDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DispatcherCommandTest {
  @TempDir private Path dir;

  @ParameterizedTest
  @ValueSource(strings = {"--dispatcher", "--namespace"})
  void aNameThatNoResourceCanHaveIsRefused(String option) {
    CommandRun run =
        CommandRun.with(
            Map.of("POSTHORN_NAMESPACE", "posthorn-system"), "dispatcher", option, "Not_A_Name");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err().strip()).contains(option + " Not_A_Name").doesNotContain("\n");
  }

  @Test
  void dataOfAnotherProcessIsRefused() throws Exception {
    try (var _ = DataDirectory.open(dir)) {
      CommandRun run =
          CommandRun.with(
              Map.of("POSTHORN_NAMESPACE", "posthorn-system", "POSTHORN_DATA", dir.toString()),
              "dispatcher");

      assertThat(run.exitCode()).isEqualTo(2);
      assertThat(run.err()).contains("is in use by another posthorn");
    }
  }

  @Test
  void whatKubernetesSaysOfAServiceIsNoMisspeltVariable() throws Exception {
    Path file = Files.createFile(dir.resolve("file"));
    var variables =
        Map.of(
            "POSTHORN_NAMESPACE", "posthorn-system",
            "POSTHORN_DATA", file.toString(),
            "POSTHORN_DEFAULT_SERVICE_HOST", "10.0.0.1",
            "POSTHORN_DEFAULT_SERVICE_PORT_API", "8080",
            "POSTHORN_DEFAULT_PORT", "tcp://10.0.0.1:8080",
            "POSTHORN_DEFAULT_PORT_8080_TCP_ADDR", "10.0.0.1");

    assertThat(CommandRun.with(variables, "dispatcher").err()).contains("is not a directory");
  }

  @Test
  void aMisspeltVariableIsRefused() {
    assertThat(CommandRun.with(Map.of("POSTHORN_NAMESPCE", "x"), "dispatcher").err())
        .contains("POSTHORN_NAMESPCE is unknown", "did you mean POSTHORN_NAMESPACE?");
  }
}
