package dev.posthorn.crds;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** {@code docs/reference.md} is what {@code config/crd} says. Rewritten by one switch. */
class ReferencePageTest {
  private static final String REGENERATE = "posthorn.regenerate";
  private static final String COMMAND =
      "mvn -pl crds test -Dtest='CrdDriftTest,ReferencePageTest' -D" + REGENERATE + "=true";
  private static final Path CRDS = Path.of("..", "config", "crd");
  private static final Path PAGE = Path.of("..", "docs", "reference.md");

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

      All are of `posthorn.dev/v1alpha1`. **Bold** fields are required where what holds them is given. `a[].b`
      is in a list, `a{}` a map. A field whose feature is not built in this version is refused with its name: by
      `posthorn lint`, at the start, and in a cluster by the object's conditions. `spec` is yours; `status` is
      the operator's report, from which nothing is decided. The [reasons](#reasons) of conditions stand at the
      end. `kubectl explain whe.spec` shows the same.
      """;

  private static final Path REASONS =
      Path.of("src", "main", "java", "dev", "posthorn", "crds", "Reason.java");
  private static final Pattern REASON =
      Pattern.compile("/\\*\\*(.*?)\\*/\\s*(\\w+)[,\\n]", Pattern.DOTALL);

  @Test
  void thePageIsWhatTheSchemasSay() throws IOException {
    var page = new StringBuilder(HEAD);
    for (String plural : PLURALS) {
      page.append(section(new YAMLMapper().readTree(CRDS.resolve(plural + ".yaml").toFile())));
    }
    page.append(reasons());
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
    JsonNode names = definition.at("/spec/names");
    JsonNode schema = definition.at("/spec/versions/0/schema/openAPIV3Schema");
    return "\n## "
        + names.path("kind").asText()
        + "\n\nShort name `"
        + names.at("/shortNames/0").asText()
        + "`; `kubectl get` shows "
        + definition
            .at("/spec/versions/0/additionalPrinterColumns")
            .findValuesAsText("name")
            .stream()
            .collect(Collectors.joining(", "))
        + ".\n"
        + table("spec", schema)
        + table("status", schema);
  }

  private static String table(String part, JsonNode schema) {
    var rows = new ArrayList<String>();
    fields("", schema.at("/properties/" + part), rows);
    return "\n### `"
        + part
        + "`\n\n| field | value | default | |\n| --- | --- | --- | --- |\n"
        + String.join("", rows);
  }

  /** What the constants' own documentation says: meaning and cure. */
  private static String reasons() throws IOException {
    var rows = new ArrayList<String>();
    String source = Files.readString(REASONS);
    Matcher reason = REASON.matcher(source.substring(source.indexOf("enum Reason")));
    while (reason.find()) {
      rows.add("| `%s` | %s |\n".formatted(reason.group(2), prose(reason.group(1))));
    }
    assertThat(rows).hasSameSizeAs(Reason.values());
    return "\n## Reasons\n\n| reason | meaning and cure |\n| --- | --- |\n" + String.join("", rows);
  }

  private static String prose(String javadoc) {
    return cell(
        javadoc
            .replaceAll("\\s*\\n\\s*\\*\\s*", " ")
            .replaceAll("\\{@code\\s+([^}]*)}", "`$1`")
            .strip());
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
