package dev.posthorn.core.event;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamReadException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The JSON event format of CloudEvents 1.0.2; the tenant is the extension attribute {@code tenant}.
 *
 * <p>{@code data} is a JSON value if {@code datacontenttype} is absent or a JSON type. Else it has
 * to be a string, which is the data (section 3.1 of the format).
 */
final class CloudEventForm implements JsonEvents.Form {
  private final byte[] json;
  private final CloudEventAttributes attributes = new CloudEventAttributes("");
  private @Nullable String contentType;
  private byte @Nullable [] value;
  private @Nullable String valueText;
  private byte @Nullable [] base64;

  CloudEventForm(byte[] json) {
    this.json = json;
  }

  CloudEventForm traceparent(@Nullable String header) {
    attributes.traceparent(header);
    return this;
  }

  @Override
  public void member(String name, JsonParser parser) throws IOException, RefusedException {
    switch (name) {
      case "data" -> data(parser);
      case "data_base64" -> base64 = base64(parser);
      case "datacontenttype" -> contentType = JsonEvents.text(name, parser);
      default -> {
        String text = scalar(name, parser);
        if (text != null) {
          attributes.put(name, text);
        }
      }
    }
  }

  /** The type may come after the data, so a string is kept in both of its meanings. */
  private void data(JsonParser parser) throws IOException {
    boolean string = parser.currentToken() == JsonToken.VALUE_STRING;
    value = JsonEvents.slice(parser, json);
    valueText = string ? parser.getText() : null;
  }

  private static byte @Nullable [] base64(JsonParser parser) throws IOException, RefusedException {
    if (JsonEvents.text("data_base64", parser) == null) {
      return null;
    }
    try {
      return parser.getBinaryValue();
    } catch (StreamReadException malformed) {
      throw RefusedException.invalid("data_base64", "data_base64 is not base64; encode it again");
    }
  }

  /** Strings, booleans and integers are the types of attributes; null is the same as absent. */
  private static @Nullable String scalar(String name, JsonParser parser)
      throws IOException, RefusedException {
    return switch (parser.currentToken()) {
      case VALUE_NULL -> null;
      case VALUE_STRING, VALUE_TRUE, VALUE_FALSE, VALUE_NUMBER_INT -> parser.getText();
      default ->
          throw RefusedException.invalid(
              JsonReading.shown(name),
              "the attribute is not a string, boolean or integer; move it into data");
    };
  }

  @Override
  public PublishedEvent event(TenantRule tenant) throws RefusedException {
    return attributes.event(eventData(), tenant);
  }

  private EventData eventData() throws RefusedException {
    if (base64 != null) {
      if (value != null) {
        throw RefusedException.invalid(
            "data_base64", "both data and data_base64 are given; send one of them");
      }
      return EventData.of(base64, contentType);
    }
    if (value == null) {
      return EventData.of(new byte[0], contentType);
    }
    if (contentType == null || MediaTypes.isJson(contentType)) {
      return EventData.checkedJson(value, contentType == null ? EventData.JSON_TYPE : contentType);
    }
    if (valueText == null) {
      throw RefusedException.invalid(
          "data",
          "datacontenttype is not JSON but data is no string; send a string or data_base64");
    }
    if (!AttributeRules.hasWholeCharacters(valueText)) {
      throw RefusedException.invalid(
          "data", "data holds half of a surrogate pair; send whole characters or data_base64");
    }
    return EventData.of(valueText.getBytes(StandardCharsets.UTF_8), contentType);
  }
}
