package dev.posthorn.core.event;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Walks the members of one event's JSON object and cuts its data out by byte offsets, without
 * building a tree. What a member means is its {@link Form}'s to say.
 */
final class JsonEvents {
  /** What the members of one form mean. */
  interface Form {
    /** Takes a member; the parser stands on its value and must be left on the value's end. */
    void member(String name, JsonParser parser) throws IOException, RefusedException;

    /** The event, once all members were taken. */
    PublishedEvent event(TenantRule tenant) throws RefusedException;
  }

  private JsonEvents() {}

  /** Reads the object that {@code parser} stands on the beginning of. */
  static PublishedEvent object(JsonParser parser, Form form, TenantRule tenant)
      throws IOException, RefusedException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw RefusedException.invalid(
          null, "not a JSON object; send an event as {\"type\": ..., \"data\": ...}");
    }
    Set<String> seen = new HashSet<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      if (!seen.add(name)) {
        throw RefusedException.invalid(
            JsonReading.shown(name), "the field occurs twice; send it once");
      }
      parser.nextToken();
      form.member(name, parser);
    }
    return form.event(tenant);
  }

  /** The text of a member; null for JSON null, which is the same as absent. */
  static @Nullable String text(String name, JsonParser parser)
      throws IOException, RefusedException {
    return switch (parser.currentToken()) {
      case VALUE_STRING -> parser.getText();
      case VALUE_NULL -> null;
      default -> throw RefusedException.invalid(name, name + " is not a string; send a string");
    };
  }

  /** The bytes of the value that {@code parser} stands on, as they are in {@code json}. */
  static byte[] slice(JsonParser parser, byte[] json) throws IOException {
    int from = (int) parser.currentTokenLocation().getByteOffset();
    parser.skipChildren();
    parser.finishToken();
    int to = (int) parser.currentLocation().getByteOffset();
    return Arrays.copyOfRange(json, from, to);
  }
}
