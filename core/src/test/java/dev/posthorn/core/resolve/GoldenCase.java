package dev.posthorn.core.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A folder of {@code in-*} files and the outputs expected for them. Run with {@code
 * -Dgolden.rewrite=true} to write the outputs as they are, then review the difference.
 */
record GoldenCase(Path folder) {
  private static final Path ROOT = Path.of("src/test/resources/dev/posthorn/core/resolve");

  static List<GoldenCase> of(Class<?> test) {
    return list(ROOT.resolve(test.getSimpleName())).map(GoldenCase::new).toList();
  }

  List<ManifestFile> inputs() {
    return list(folder)
        .filter(file -> file.getFileName().toString().startsWith("in-"))
        .map(file -> new ManifestFile(file.getFileName().toString(), read(file)))
        .toList();
  }

  /** Compares with the file; an empty text means that there is none. */
  void expect(String name, String actual) {
    Path file = folder.resolve(name);
    if (Boolean.getBoolean("golden.rewrite")) {
      write(file, actual);
    }
    assertThat(actual).as("%s", file).isEqualTo(Files.exists(file) ? read(file) : "");
  }

  private static Stream<Path> list(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Path file, String text) {
    try {
      if (text.isEmpty()) {
        Files.deleteIfExists(file);
      } else {
        Files.writeString(file, text);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return folder.getFileName().toString();
  }
}
