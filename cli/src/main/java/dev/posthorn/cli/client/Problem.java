package dev.posthorn.cli.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A problem document (RFC 9457), rendered as one line. */
final class Problem {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LONGEST = 300;

  private Problem() {}

  /** {@code 422 Event is not valid: type is missing: ... (field type)}. */
  static String line(int status, byte[] body) {
    JsonNode problem = parse(body);
    if (problem == null) {
      return status + ": " + excerpt(body);
    }
    var line = new StringBuilder().append(status);
    append(line, " ", problem.path("title").asText());
    append(line, ": ", problem.path("detail").asText());
    String field = problem.path("field").asText();
    return field.isEmpty() || line.indexOf(field) >= 0
        ? line.toString()
        : line + " (field " + field + ")";
  }

  private static void append(StringBuilder line, String separator, String text) {
    if (!text.isEmpty()) {
      line.append(separator).append(text.strip().replaceAll("\\R\\s*", " "));
    }
  }

  private static @Nullable JsonNode parse(byte[] body) {
    try {
      JsonNode node = JSON.readTree(new String(body, StandardCharsets.UTF_8));
      return node.isObject() ? node : null;
    } catch (JsonProcessingException e) {
      return null;
    }
  }

  private static String excerpt(byte[] body) {
    String text = new String(body, StandardCharsets.UTF_8).strip().replaceAll("\\s+", " ");
    if (text.isEmpty()) {
      return "no explanation; is this the address of a Posthorn?";
    }
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
  }
}
