package dev.posthorn.core.event;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The data of an event: the bytes as they were published, and what they are.
 *
 * <p>The bytes are shared, not copied: whoever holds them must not change them. {@link #toString()}
 * shows their form and size, never the bytes.
 *
 * @param bytes as published; empty when {@code form} is {@link Form#NONE}
 * @param contentType the producer's media type; null when it gave none and none is implied
 * @param form what the bytes are, which decides how a body holds them
 */
@SuppressWarnings("ArrayRecordComponent") // equals and hashCode below look inside
public record EventData(byte[] bytes, @Nullable String contentType, Form form) {
  /** The media type of data that came as JSON. */
  public static final String JSON_TYPE = "application/json";

  private static final EventData ABSENT = new EventData(new byte[0], null, Form.NONE);

  /** What the bytes are. A name here is written to the store: it keeps its meaning. */
  public enum Form {
    /** No data at all. */
    NONE,
    /** One JSON value in UTF-8, checked: it may be spliced into a JSON body. */
    JSON,
    /** Text in well-formed UTF-8: a string in a JSON body. */
    TEXT,
    /** Anything else: base64 in a JSON body. */
    BINARY
  }

  /** An event without data. */
  public static EventData none() {
    return ABSENT;
  }

  /** One JSON value, already checked by a parser. */
  static EventData checkedJson(byte[] json, String contentType) {
    return new EventData(json, contentType, Form.JSON);
  }

  /**
   * Decides what {@code bytes} are: JSON if the media type says so and they are one JSON value;
   * text if the media type is absent, textual or JSON and they are well-formed UTF-8; else binary.
   * Costs one pass over the bytes.
   */
  public static EventData of(byte[] bytes, @Nullable String contentType) {
    if (bytes.length == 0) {
      return contentType == null ? ABSENT : new EventData(bytes, contentType, Form.NONE);
    }
    return new EventData(bytes, contentType, MediaTypes.form(bytes, contentType));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof EventData that
        && form == that.form
        && Objects.equals(contentType, that.contentType)
        && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Objects.hash(form, contentType, Arrays.hashCode(bytes));
  }

  @Override
  public String toString() {
    return "EventData[" + form + ", " + contentType + ", " + bytes.length + " bytes]";
  }
}
