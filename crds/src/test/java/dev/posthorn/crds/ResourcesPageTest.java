package dev.posthorn.crds;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** {@code docs/resources.md} is what {@code config/crd} says. Rewritten by one switch. */
class ResourcesPageTest {
  private static final String REGENERATE = "posthorn.regenerate";
  private static final String COMMAND =
      "mvn -pl crds test -Dtest='CrdDriftTest,ResourcesPageTest' -D" + REGENERATE + "=true";
  private static final Path CRDS = Path.of("..", "config", "crd");
  private static final Path PAGE = Path.of("..", "docs", "resources.md");

  /** In the order in which a newcomer meets them. */
  private static final List<String> PLURALS =
      List.of(
          "webhookendpoints",
          "signingsecrets",
          "eventstreams",
          "signatureschemes",
          "dispatchers",
          "webhooksources");

  private static final String HEAD =
      """
      # The resources, field by field

      All are of `posthorn.dev/v1alpha1`. Fields are those of `spec`; **bold** ones are required where what
      holds them is given. `a[].b` is in a list, `a{}` a map. A field whose feature is not built in this
      version is refused by `posthorn lint` and at the start, with its name.
      """;

  @Test
  void thePageIsWhatTheSchemasSay() throws IOException {
    var page = new StringBuilder(HEAD);
    for (String plural : PLURALS) {
      page.append(section(new YAMLMapper().readTree(CRDS.resolve(plural + ".yaml").toFile())));
    }
    if (Boolean.getBoolean(REGENERATE)) {
      Files.writeString(PAGE, page);
    }
    assertThat(PAGE)
        .as("regenerate with: " + COMMAND)
        .exists()
        .content()
        .isEqualTo(page.toString());
  }

  @Test
  void everyKindIsInThePage() throws IOException {
    try (var files = Files.list(CRDS)) {
      assertThat(files.map(file -> file.getFileName().toString().replace(".yaml", "")))
          .containsExactlyInAnyOrderElementsOf(with(PLURALS, "kustomization"));
    }
  }

  private static List<String> with(List<String> list, String more) {
    var all = new ArrayList<>(list);
    all.add(more);
    return all;
  }

  private static String section(JsonNode definition) {
    var rows = new ArrayList<String>();
    JsonNode schema = definition.at("/spec/versions/0/schema/openAPIV3Schema");
    fields("", schema.at("/properties/spec"), rows);
    return "\n## "
        + definition.at("/spec/names/kind").asText()
        + "\n\n| field | value | default | |\n| --- | --- | --- | --- |\n"
        + String.join("", rows);
  }

  private static void fields(String path, JsonNode schema, List<String> rows) {
    List<String> required = texts(schema.path("required"));
    for (var property : schema.path("properties").properties()) {
      String name = path + property.getKey();
      JsonNode field = property.getValue();
      rows.add(row(name, field, required.contains(property.getKey())));
      fields(name + ".", field, rows);
      fields(name + "[].", field.path("items"), rows);
      fields(name + "{}.", field.path("additionalProperties"), rows);
    }
  }

  private static String row(String name, JsonNode field, boolean required) {
    String code = "`" + name + "`";
    return "| %s | %s | %s | %s |\n"
        .formatted(
            required ? "**" + code + "**" : code,
            value(field),
            field.has("default") ? "`" + cell(field.get("default").toString()) + "`" : "",
            cell(field.path("description").asText()));
  }

  private static String value(JsonNode field) {
    if (field.has("enum")) {
      return texts(field.get("enum")).stream()
          .map(each -> "`" + each + "`")
          .collect(Collectors.joining(", "));
    }
    return switch (field.path("type").asText()) {
      case "array" ->
          "list" + bounds(field, "minItems", "maxItems") + " of " + value(field.path("items"));
      case "integer" -> "integer" + bounds(field, "minimum", "maximum");
      case "object" -> field.has("additionalProperties") ? "map" : "object";
      case "string" -> "string" + bounds(field, "minLength", "maxLength");
      case "" -> field.path("x-kubernetes-int-or-string").asBoolean() ? "quantity" : "any";
      default -> field.path("type").asText();
    };
  }

  private static String bounds(JsonNode field, String least, String most) {
    if (!field.has(most)) {
      return "";
    }
    return " " + field.path(least).asText("0") + ".." + field.get(most).asText();
  }

  private static List<String> texts(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText).toList();
  }

  /** A bar would end the cell, a star begin emphasis, an angle bracket a tag. */
  private static String cell(String text) {
    return text.replace("|", "\\|").replace("*", "\\*").replace("<", "&lt;").replace("\n", " ");
  }
}
