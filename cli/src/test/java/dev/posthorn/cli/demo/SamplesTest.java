package dev.posthorn.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class SamplesTest {
  private static final Path SAMPLES = Path.of("..", "config", "samples", "standalone");

  @Test
  void theProgramHoldsExactlyTheShippedSamples() throws IOException {
    try (Stream<Path> files = Files.walk(SAMPLES)) {
      assertThat(
              files
                  .filter(Files::isRegularFile)
                  .map(file -> SAMPLES.relativize(file).toString().replace('\\', '/')))
          .containsExactlyInAnyOrderElementsOf(Samples.FILES);
    }
    for (String name : Samples.FILES) {
      assertThat(Samples.text(name)).isEqualTo(Files.readString(SAMPLES.resolve(name)));
    }
  }
}
