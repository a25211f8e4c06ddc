package dev.posthorn.e2e.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.posthorn.e2e.fixture.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A file of the tests of crds: an object, or one that is to become another ({@code old}, {@code
 * new}). Its first lines may say why it is refused: {@code # expect:} by the offline check, and
 * {@code # cluster:} where an API server words it otherwise.
 */
record Manifest(Path file, @Nullable ObjectNode before, ObjectNode object) {
  static final String EXPECT = "# expect: ";
  static final String CLUSTER = "# cluster: ";

  private static final Path FOLDER = Program.root().resolve("crds/src/test/resources");
  private static final YAMLMapper YAML = new YAMLMapper();

  /** All whose name begins with {@code prefix}. */
  static List<Manifest> all(String prefix) throws IOException {
    try (Stream<Path> files = Files.walk(FOLDER)) {
      var manifests = new ArrayList<Manifest>();
      for (Path file : files.sorted().toList()) {
        if (file.getFileName().toString().startsWith(prefix)) {
          manifests.add(read(file));
        }
      }
      return manifests;
    }
  }

  private static Manifest read(Path file) throws IOException {
    JsonNode content = YAML.readTree(file.toFile());
    return content.has("new")
        ? new Manifest(file, (ObjectNode) content.get("old"), (ObjectNode) content.get("new"))
        : new Manifest(file, null, (ObjectNode) content);
  }

  /** What follows {@code mark} in its first two lines; empty without it. */
  String line(String mark) throws IOException {
    return Files.readAllLines(file).stream()
        .limit(2)
        .filter(line -> line.startsWith(mark))
        .map(line -> line.substring(mark.length()))
        .findFirst()
        .orElse("");
  }

  /** Sets the second line, or removes it where {@code text} is empty. */
  void rewrite(String text) throws IOException {
    var lines = new ArrayList<>(Files.readAllLines(file));
    lines.removeIf(line -> line.startsWith(CLUSTER));
    if (!text.isEmpty()) {
      lines.add(1, CLUSTER + text);
    }
    Files.writeString(file, String.join("\n", lines) + "\n");
  }

  /** The collection's path: objects go into {@code namespace} where their kind has namespaces. */
  String collection(String namespace) {
    String kind = object.path("kind").asText();
    String folder = kind.equals("SignatureScheme") ? "" : "namespaces/" + namespace + "/";
    return "/apis/%s/%s%ss"
        .formatted(object.path("apiVersion").asText(), folder, kind.toLowerCase(Locale.ROOT));
  }

  /** {@code document} in {@code namespace}. */
  ObjectNode placed(ObjectNode document, String namespace) {
    ObjectNode copy = document.deepCopy();
    if (!copy.path("kind").asText().equals("SignatureScheme")) {
      copy.withObject("/metadata").put("namespace", namespace);
    }
    return copy;
  }

  @Override
  public String toString() {
    return FOLDER.relativize(file).toString();
  }
}
