package dev.posthorn.core.signing;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.posthorn.crds.SignatureSchemeSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The schemes that come with the program and their keys, where a test knows that they exist. */
final class Schemes {
  static final BuiltInSchemes BUILT_IN = BuiltInSchemes.load();
  private static final Path FILES = Path.of("..", "config", "schemes");
  private static final Map<String, Scheme> SHIPPED = new ConcurrentHashMap<>();

  private Schemes() {}

  /** A built-in scheme, or with a dot in its name one of {@code config/schemes}. */
  static Scheme scheme(String name) {
    return name.contains(".")
        ? SHIPPED.computeIfAbsent(name, each -> compiled(Scheme.compile(spec(each))))
        : compiled(BUILT_IN.find(name));
  }

  static SignatureSchemeSpec spec(String shipped) {
    var yaml = new YAMLMapper();
    try {
      var manifest = yaml.readTree(FILES.resolve(shipped + ".yaml").toFile());
      return yaml.treeToValue(manifest.get("spec"), SignatureSchemeSpec.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The files of {@code config/schemes} but for the list of them, in alphabetical order. */
  static List<Path> files() {
    try (var files = Files.list(FILES)) {
      return files.filter(file -> !file.endsWith("kustomization.yaml")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The names of those in the files. */
  static List<String> shipped() {
    return files().stream()
        .map(file -> file.getFileName().toString())
        .map(name -> name.substring(0, name.length() - ".yaml".length()))
        .toList();
  }

  private static Scheme compiled(SchemeReading reading) {
    return switch (reading) {
      case SchemeReading.Compiled compiled -> compiled.scheme();
      case SchemeReading.Refused refused -> throw new AssertionError(refused.findings());
    };
  }

  static SigningKey key(String scheme, String secret) {
    return key(scheme(scheme), secret.getBytes(StandardCharsets.UTF_8));
  }

  static SigningKey key(Scheme scheme, byte[] secret) {
    return switch (scheme.key(secret)) {
      case KeyReading.Usable usable -> usable.key();
      case KeyReading.Unusable unusable -> throw new AssertionError(unusable.finding());
    };
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
