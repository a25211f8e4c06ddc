package dev.posthorn.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.e2e.fixture.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * The programs of the control plane, built by {@code e2e/control-plane/build.sh} once a machine.
 * Without Go a test that needs them is skipped loudly; where nothing may be skipped it fails.
 */
final class Binaries {
  private static final int BUILD_MINUTES = 20;

  private Binaries() {}

  /** The directory that holds them. */
  static Path directory(Path work) throws IOException, InterruptedException {
    if (!hasGo() && System.getenv("CI") == null) {
      System.err.println(
          "SKIPPED: Go is not installed, so that no Kubernetes control plane can be built."
              + " Install Go 1.26 to run the tests of the operator.");
      Assumptions.abort("no Go");
    }
    Path out = work.resolve("build.out");
    Path err = work.resolve("build.err");
    Process build =
        new ProcessBuilder("sh", Program.root().resolve("e2e/control-plane/build.sh").toString())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    if (!build.waitFor(10, TimeUnit.SECONDS)) {
      System.out.println("Building the control plane of the tests, once a machine: some minutes.");
    }
    if (!build.waitFor(BUILD_MINUTES, TimeUnit.MINUTES)) {
      build.destroyForcibly();
    }
    assertThat(build.waitFor()).as(() -> text(err)).isZero();
    return Path.of(text(out).strip());
  }

  private static boolean hasGo() {
    return Stream.concat(
            Stream.of(System.getenv("PATH").split(":")), Stream.of("/usr/local/go/bin"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "go")));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
