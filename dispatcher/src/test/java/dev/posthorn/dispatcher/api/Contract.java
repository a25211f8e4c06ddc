package dev.posthorn.dispatcher.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** The OpenAPI document as a judge of answers. */
final class Contract {
  private final JsonNode document;
  private final SchemaRegistry schemas =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
  private final Map<JsonNode, Schema> compiled = new ConcurrentHashMap<>();

  Contract() {
    try (InputStream file = Objects.requireNonNull(Api.class.getResourceAsStream("openapi.yaml"))) {
      document = new YAMLMapper().readTree(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  JsonNode document() {
    return document;
  }

  /** An operation of the document. */
  record Operation(String method, String path, JsonNode node) {
    String id() {
      return node.path("operationId").asText();
    }
  }

  List<Operation> operations() {
    var operations = new ArrayList<Operation>();
    for (var path : document.get("paths").properties()) {
      for (var method : path.getValue().properties()) {
        operations.add(
            new Operation(
                method.getKey().toUpperCase(Locale.ROOT), path.getKey(), method.getValue()));
      }
    }
    return operations;
  }

  /** Fails unless the document says that this call may be answered so. */
  void check(String method, String path, HttpResponse<String> answer) {
    assertThat(answer.headers().firstValue("x-request-id")).isPresent();
    List<Operation> known = operations().stream().filter(o -> matches(o.path(), path)).toList();
    var operation = known.stream().filter(o -> o.method().equals(method)).findFirst();
    if (operation.isEmpty()) {
      assertThat(answer.statusCode()).isEqualTo(known.isEmpty() ? 404 : 405);
      validate(document.at("/components/responses/NotFound"), answer);
      return;
    }
    JsonNode response =
        operation.get().node().path("responses").path(Integer.toString(answer.statusCode()));
    assertThat(response.isMissingNode())
        .as("%s may not be answered with %s", operation.get().id(), answer.statusCode())
        .isFalse();
    validate(resolved(response), answer);
  }

  private static boolean matches(String template, String path) {
    String pattern = Pattern.quote(template).replaceAll("\\{[a-zA-Z]+}", "\\\\E[^/]+\\\\Q");
    return path.split("\\?", 2)[0].matches(pattern);
  }

  private JsonNode resolved(JsonNode node) {
    return node.has("$ref") ? document.at(node.get("$ref").asText().substring(1)) : node;
  }

  private void validate(JsonNode response, HttpResponse<String> answer) {
    for (var header : response.path("headers").properties()) {
      assertThat(answer.headers().firstValue(header.getKey()))
          .as("header %s", header.getKey())
          .isPresent();
    }
    String type = answer.headers().firstValue("content-type").orElse("");
    JsonNode content = response.path("content").path(type);
    assertThat(content.isMissingNode()).as("content type %s is not declared", type).isFalse();
    if (type.endsWith("json")) {
      assertThat(schema(content.get("schema")).validate(answer.body(), InputFormat.JSON))
          .as(answer.body())
          .isEmpty();
    }
  }

  private Schema schema(JsonNode node) {
    return compiled.computeIfAbsent(node, this::compile);
  }

  private Schema compile(JsonNode node) {
    try {
      var root = (ObjectNode) node.deepCopy();
      root.set("components", document.get("components"));
      return schemas.getSchema(new YAMLMapper().writeValueAsString(root), InputFormat.YAML);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
