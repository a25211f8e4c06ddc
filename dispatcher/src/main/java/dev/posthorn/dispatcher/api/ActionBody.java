package dev.posthorn.dispatcher.api;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.posthorn.dispatcher.http.Call;
import dev.posthorn.dispatcher.http.Problem;
import dev.posthorn.dispatcher.http.ProblemType;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The body of a call that does something: a small JSON object of texts. No body is the same as
 * {@code {}}.
 *
 * @param fields by name
 */
record ActionBody(Map<String, String> fields) {
  private static final int BYTES = 4096;
  private static final int CHARACTERS = 512;
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .build();

  /** Reads it; refuses with 400, 413, 415 or 422 what is no such body. */
  static ActionBody read(Call call, String... known) {
    Optional<JsonNode> object = object(call, BYTES);
    if (object.isEmpty()) {
      return new ActionBody(Map.of());
    }
    var fields = new TreeMap<String, String>();
    object.get().properties().forEach(each -> fields.put(each.getKey(), text(each, known)));
    return new ActionBody(fields);
  }

  /** The body as a JSON object of at most {@code limit} bytes; empty where there is no body. */
  static Optional<JsonNode> object(Call call, int limit) {
    String type = call.header("content-type");
    byte[] bytes = call.body(limit);
    if (bytes.length == 0) {
      return Optional.empty();
    }
    if (type == null || !type.matches("(?i)\\s*application/json\\s*(;.*)?")) {
      throw Problem.of(
              ProblemType.UNSUPPORTED_TYPE,
              "Content-Type",
              "the body must be JSON: send it as application/json")
          .exception();
    }
    return Optional.of(object(bytes));
  }

  private static JsonNode object(byte[] bytes) {
    JsonNode body;
    try {
      body = JSON.readTree(bytes);
    } catch (JsonProcessingException e) {
      throw Problem.of(ProblemType.UNREADABLE, "the body is not JSON: send an object, at least {}")
          .exception();
    } catch (IOException e) {
      throw new IllegalStateException("memory does not fail", e);
    }
    if (!body.isObject()) {
      throw Problem.of(ProblemType.INVALID, "the body is not an object: send at least {}")
          .exception();
    }
    return body;
  }

  private static String text(Map.Entry<String, JsonNode> field, String... known) {
    String name = field.getKey();
    if (!List.of(known).contains(name)) {
      throw Problem.of(
              ProblemType.INVALID,
              name,
              "the field is unknown; "
                  + (known.length == 0
                      ? "this call has none: send {}"
                      : "known are " + String.join(", ", known)))
          .exception();
    }
    String text = field.getValue().asText();
    if (!field.getValue().isTextual()
        || text.length() > CHARACTERS
        || text.chars().anyMatch(Character::isISOControl)) {
      throw Problem.of(
              ProblemType.INVALID,
              name,
              name + " must be one line of text, at most " + CHARACTERS + " characters")
          .exception();
    }
    return text;
  }

  Optional<String> get(String name) {
    return Optional.ofNullable(fields.get(name));
  }
}
