package dev.posthorn.crds;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** {@code config/crd} is what the records say. Rewritten by one switch, reviewed as a diff. */
class CrdDriftTest {
  private static final String REGENERATE = "posthorn.regenerate";
  private static final String COMMAND =
      "mvn -pl crds test -Dtest=CrdDriftTest -D" + REGENERATE + "=true";
  private static final Path FOLDER = Path.of("..", "config", "crd");

  @Test
  void configCrdIsWhatTheRecordsSay() throws IOException {
    var files = new CrdGenerator().files();
    for (var file : files.entrySet()) {
      var path = FOLDER.resolve(file.getKey());
      if (Boolean.getBoolean(REGENERATE)) {
        Files.createDirectories(FOLDER);
        Files.writeString(path, file.getValue());
      }
      assertThat(path).as("regenerate with: " + COMMAND).exists();
      assertThat(path).content().isEqualTo(file.getValue());
    }
    try (var present = Files.list(FOLDER)) {
      assertThat(present.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(files.keySet());
    }
  }
}
