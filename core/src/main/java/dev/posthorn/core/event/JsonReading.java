package dev.posthorn.core.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** JSON as Posthorn reads it: UTF-8 only, without a byte order mark, at most 200 levels deep. */
final class JsonReading {
  private static final int MAX_DEPTH = 200;
  private static final int SHOWN = 64;

  /** Immutable once built; its cache of names is shared by design. */
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
          .build();

  private JsonReading() {}

  /** A parser that cannot mistake {@code json} for UTF-16: check {@link #isUtf8} first. */
  static JsonParser parser(byte[] json) throws IOException {
    return FACTORY.createParser(json);
  }

  static boolean isOneValue(byte[] bytes) {
    if (!isUtf8(bytes)) {
      return false;
    }
    try (JsonParser parser = parser(bytes)) {
      if (parser.nextToken() == null) {
        return false;
      }
      parser.skipChildren();
      parser.finishToken();
      return parser.nextToken() == null;
    } catch (IOException malformed) {
      return false;
    }
  }

  /**
   * Whether {@code bytes} are well-formed UTF-8 that a JSON parser takes for UTF-8: it guesses by
   * zeros and byte order marks, and no JSON begins with either.
   */
  static boolean isUtf8(byte[] bytes) {
    boolean guessed = bytes.length > 1 && (bytes[0] == 0 || bytes[1] == 0);
    boolean marked = bytes.length > 0 && (bytes[0] & 0xff) >= 0xef;
    return !guessed && !marked && isWellFormed(bytes);
  }

  private static boolean isWellFormed(byte[] bytes) {
    byte signs = 0;
    for (byte unit : bytes) {
      signs |= unit;
    }
    if (signs >= 0) {
      return true;
    }
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException malformed) {
      return false;
    }
  }

  /** A name from a request as it may stand in a message: bounded and printable. */
  static String shown(String name) {
    String bounded = name.length() <= SHOWN ? name : name.substring(0, SHOWN) + "...";
    return AttributeRules.isPrintable(bounded) ? bounded : "(unprintable)";
  }
}
