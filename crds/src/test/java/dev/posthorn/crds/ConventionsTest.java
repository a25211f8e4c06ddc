package dev.posthorn.crds;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every field of every kind. */
class ConventionsTest {
  private static final RuleCheck RULES = new RuleCheck();

  /** One field, by its path. */
  record Field(String path, String name, JsonNode schema) {
    boolean is(String type) {
      return schema.path("type").asText().equals(type);
    }

    boolean has(String... bounds) {
      return Stream.of(bounds).allMatch(schema::has);
    }

    @Override
    public String toString() {
      return path;
    }
  }

  @ParameterizedTest
  @MethodSource("fields")
  void everyTextListMapAndNumberHasABound(List<Field> fields) {
    assertThat(
            fields.stream()
                .filter(f -> f.is("string"))
                .filter(f -> !f.has("maxLength") && !f.has("enum")))
        .isEmpty();
    assertThat(fields.stream().filter(f -> f.is("array")).filter(f -> !f.has("maxItems")))
        .isEmpty();
    assertThat(
            fields.stream()
                .filter(f -> f.has("additionalProperties"))
                .filter(f -> !f.has("maxProperties")))
        .isEmpty();
    assertThat(
            fields.stream()
                .filter(f -> f.path().startsWith("spec"))
                .filter(f -> f.is("integer") || f.is("number"))
                .filter(f -> !f.has("minimum", "maximum")))
        .isEmpty();
    assertThat(
            fields.stream()
                .filter(f -> f.has("x-kubernetes-int-or-string"))
                .filter(f -> !f.has("maxLength", "minimum")))
        .isEmpty();
  }

  @ParameterizedTest
  @MethodSource("fields")
  void everyFieldIsExplainedInOneSentence(List<Field> fields) {
    assertThat(fields.stream().filter(f -> !f.path().endsWith("[]") && !f.path().endsWith("{}")))
        .allSatisfy(field ->
            assertThat(field.schema().path("description").asText())
                .as(field.path())
                .matches("\\S.*\\."));
  }

  @ParameterizedTest
  @MethodSource("fields")
  void everyDescriptionNamesTheDefaultOfItsField(List<Field> fields) {
    assertThat(fields.stream().filter(f -> f.schema().path("default").isValueNode()))
        .allSatisfy(field ->
            assertThat(field.schema().path("description").asText())
                .as(field.path())
                .contains("default"));
  }

  @ParameterizedTest
  @MethodSource("fields")
  void everyListSaysHowItIsMergedAndItsKeyIsAlwaysThere(List<Field> fields) {
    assertThat(fields.stream().filter(f -> f.is("array")))
        .allSatisfy(field -> {
          assertThat(field.schema().path("x-kubernetes-list-type").asText())
              .isIn("set", "map", "atomic");
          for (var key : field.schema().path("x-kubernetes-list-map-keys")) {
            assertThat(field.schema().at("/items/required")).as(field.path()).contains(key);
          }
        });
  }

  @ParameterizedTest
  @MethodSource("fields")
  void durationsEndInSecondsAndTimesAreRfc3339(List<Field> fields) {
    assertThat(fields)
        .noneMatch(
            f -> f.name().matches(".*(Duration|Interval|Timeout|Period|Millis|Minutes|Hours|Ttl)"));
    assertThat(fields.stream().filter(f -> f.name().matches(".*(Time|After|Before|since)")))
        .isNotNull()
        .allSatisfy(f ->
            assertThat(f.schema().path("format").asText()).as(f.path()).isEqualTo("date-time"));
    assertThat(fields.stream().filter(f -> f.is("integer")))
        .allSatisfy(
            f -> assertThat(f.schema().path("format").asText()).as(f.path()).matches("int(32|64)"));
  }

  @ParameterizedTest
  @MethodSource("fields")
  void unknownFieldsAreNeverPreserved(List<Field> fields) {
    assertThat(fields).noneMatch(f -> f.has("x-kubernetes-preserve-unknown-fields"));
    assertThat(fields.stream().filter(f -> f.is("object")))
        .allMatch(f -> f.has("properties") || f.has("additionalProperties"));
  }

  @ParameterizedTest
  @MethodSource("fields")
  void defaultsKeepTheirOwnBounds(List<Field> fields) {
    assertThat(fields.stream().filter(f -> f.has("enum", "default")))
        .allSatisfy(f -> assertThat(f.schema().path("enum")).contains(f.schema().get("default")));
  }

  @ParameterizedTest
  @MethodSource("fields")
  void defaultsKeepTheRulesBeforeInnerDefaultsAreFilledIn(List<Field> fields) {
    var violations = new ArrayList<String>();
    fields.stream()
        .filter(f -> f.has("default", "properties"))
        .forEach(f -> {
          var value = f.schema().get("default");
          RULES.check(value, value, f.schema(), f.path(), violations);
        });

    assertThat(violations).isEmpty();
  }

  @Test
  void columnsAreInTheirDocumentedOrder() throws IOException {
    assertThat(columns("WebhookEndpoint"))
        .containsExactly("Ready", "Reason", "Host", "Delivering", "Age");
    assertThat(columns("SigningSecret"))
        .containsExactly("Ready", "Active key", "Next rotation", "Age");
    assertThat(columns("SignatureScheme")).containsExactly("Ready", "Algorithm", "Age");
    assertThat(columns("EventStream")).containsExactly("Ready", "Kind", "Connected", "Age");
    assertThat(columns("WebhookSource")).containsExactly("Ready", "Provider", "Path", "Age");
    assertThat(columns("Dispatcher")).containsExactly("Ready", "Store", "Pods", "Endpoints", "Age");
  }

  @Test
  void namesAndScopesAreTheDocumentedOnes() throws IOException {
    var shortNames =
        Map.of(
            "WebhookEndpoint",
            "whe",
            "SigningSecret",
            "sis",
            "SignatureScheme",
            "sch",
            "EventStream",
            "est",
            "WebhookSource",
            "whs",
            "Dispatcher",
            "dsp");
    for (var kind : Api.KINDS) {
      var spec = definition(kind).path("spec");
      assertThat(spec.path("group").asText()).isEqualTo("posthorn.dev");
      assertThat(spec.at("/names/kind").asText()).isEqualTo(kind);
      assertThat(spec.at("/names/shortNames/0").asText()).isEqualTo(shortNames.get(kind));
      assertThat(spec.at("/versions/0/name").asText()).isEqualTo("v1alpha1");
      assertThat(spec.at("/versions/0/subresources/status").isObject()).isTrue();
      assertThat(Schemas.load().namespaced(kind)).isEqualTo(!kind.equals("SignatureScheme"));
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void statusSaysThatNobodyHasLookedYet(String kind) {
    var waiting =
        Schemas.load().schema(kind).orElseThrow().at("/properties/status/default/conditions");

    assertThat(waiting)
        .singleElement()
        .satisfies(condition ->
            assertThat(
                    List.of(
                        condition.path("type").asText(),
                        condition.path("status").asText(),
                        condition.path("reason").asText(),
                        condition.path("message").asText(),
                        condition.path("lastTransitionTime").asText()))
                .containsExactly(
                    "Ready",
                    "Unknown",
                    "Pending",
                    "Waiting for controller",
                    "1970-01-01T00:00:00Z"));
  }

  @Test
  void aKindThatIsNotOursHasNoSchema() {
    assertThat(Schemas.load().schema("Secret")).isEmpty();
    assertThat(Schemas.load().namespaced("Secret")).isFalse();
  }

  static List<String> kinds() {
    return Api.KINDS;
  }

  static Stream<List<Field>> fields() {
    return Api.KINDS.stream()
        .map(kind -> under(Schemas.load().schema(kind).orElseThrow(), "", "").toList());
  }

  private static Stream<Field> under(JsonNode schema, String path, String name) {
    var self = path.isEmpty() ? Stream.<Field>of() : Stream.of(new Field(path, name, schema));
    var inner =
        schema.path("properties").properties().stream()
            .flatMap(p -> under(p.getValue(), ManifestCheck.child(path, p.getKey()), p.getKey()));
    var items =
        schema.has("items") ? under(schema.get("items"), path + "[]", "") : Stream.<Field>of();
    var values =
        schema.has("additionalProperties")
            ? under(schema.get("additionalProperties"), path + "{}", "")
            : Stream.<Field>of();
    return Stream.of(self, inner, items, values).flatMap(fields -> fields);
  }

  private static List<String> columns(String kind) throws IOException {
    return definition(kind)
        .at("/spec/versions/0/additionalPrinterColumns")
        .valueStream()
        .map(c -> c.path("name").asText())
        .toList();
  }

  private static JsonNode definition(String kind) throws IOException {
    return new YAMLMapper()
        .readTree(Path.of("..", "config", "crd", Schemas.fileName(kind)).toFile());
  }
}
