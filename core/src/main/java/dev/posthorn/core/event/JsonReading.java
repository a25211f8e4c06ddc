package dev.posthorn.core.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;

/** JSON as Posthorn reads it: UTF-8 only, without a byte order mark, at most 200 levels deep. */
final class JsonReading {
  private static final int MAX_DEPTH = 200;

  /** Immutable once built; its name cache is shared by design. */
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
          .build();

  private JsonReading() {}

  static boolean isOneValue(byte[] bytes) {
    if (!isUtf8(bytes)) {
      return false;
    }
    try (JsonParser parser = FACTORY.createParser(bytes)) {
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

  static boolean isUtf8(byte[] bytes) {
    return bytes.length > 0;
  }
}
