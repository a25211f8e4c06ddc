package dev.posthorn.core.event;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a media type says about data, and whether the data keeps its word. */
final class MediaTypes {
  private static final Set<String> TEXTUAL =
      Set.of(
          "application/xml",
          "application/yaml",
          "application/x-www-form-urlencoded",
          "application/javascript",
          "application/x-ndjson");

  private MediaTypes() {}

  /** The type and subtype in lower case, without parameters. */
  static String essence(String contentType) {
    int semicolon = contentType.indexOf(';');
    String essence = semicolon < 0 ? contentType : contentType.substring(0, semicolon);
    return essence.strip().toLowerCase(Locale.ROOT);
  }

  static boolean isJson(String contentType) {
    String essence = essence(contentType);
    return essence.equals("application/json")
        || essence.equals("text/json")
        || essence.endsWith("+json");
  }

  static EventData.Form form(byte[] bytes, @Nullable String contentType) {
    if (contentType != null && isJson(contentType) && JsonReading.isOneValue(bytes)) {
      return EventData.Form.JSON;
    }
    return isTextual(contentType) && HeaderText.utf8(bytes).isPresent()
        ? EventData.Form.TEXT
        : EventData.Form.BINARY;
  }

  private static boolean isTextual(@Nullable String contentType) {
    if (contentType == null) {
      return true;
    }
    String essence = essence(contentType);
    return isJson(contentType)
        || essence.startsWith("text/")
        || essence.endsWith("+xml")
        || TEXTUAL.contains(essence);
  }
}
