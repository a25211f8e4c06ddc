package dev.posthorn.cli.demo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The manifests of {@code config/samples/standalone}, as they are kept in the program. */
final class Samples {
  /** The stream needs a Redis. */
  static final String STREAM = "stream.yaml";

  /** The one whose key is rotated. */
  static final String ORDERS = "acme/orders.yaml";

  static final List<String> FILES =
      List.of("dispatcher.yaml", ORDERS, "acme/billing.yaml", "globex/audit.yaml", STREAM);

  private Samples() {}

  /** Writes {@code files} below {@code directory}, each text of {@code replacements} replaced. */
  static void write(List<String> files, Path directory, Map<String, String> replacements)
      throws IOException {
    for (String name : files) {
      String text = text(name);
      for (var replacement : replacements.entrySet()) {
        text = text.replace(replacement.getKey(), replacement.getValue());
      }
      Path file = directory.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    }
  }

  static String text(String name) throws IOException {
    try (InputStream in = Samples.class.getResourceAsStream("samples/" + name)) {
      if (in == null) {
        throw new IllegalStateException("sample " + name + " is missing in the program");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
