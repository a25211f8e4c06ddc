package dev.posthorn.dispatcher.source;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An entry of a Redis stream.
 *
 * @param id its id in the stream
 * @param fields its fields in order; null where the stream was trimmed before it was read
 */
record StreamEntry(String id, @Nullable Map<String, byte[]> fields) {
  /** Shows no payload. */
  @Override
  public String toString() {
    return "StreamEntry[" + id + "]";
  }
}
