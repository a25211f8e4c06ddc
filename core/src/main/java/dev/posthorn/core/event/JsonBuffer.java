package dev.posthorn.core.event;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.Arrays;

/** Writes one JSON object as bytes and splices in JSON that already is bytes. Not thread-safe. */
final class JsonBuffer {
  private static final JsonStringEncoder ENCODER = JsonStringEncoder.getInstance();

  private byte[] bytes;
  private int size;

  /** Begins an object of about {@code expected} bytes. */
  JsonBuffer(int expected) {
    bytes = new byte[expected];
    bytes[size++] = '{';
  }

  JsonBuffer member(String name, String value) {
    return name(name).append(quoted(value));
  }

  /** Adds a member whose value is JSON already. */
  JsonBuffer spliced(String name, byte[] json) {
    return name(name).append(json);
  }

  byte[] end() {
    append('}');
    return bytes.length == size ? bytes : Arrays.copyOf(bytes, size);
  }

  private JsonBuffer name(String name) {
    if (size > 1) {
      append(',');
    }
    return append(quoted(name)).append(':');
  }

  private static byte[] quoted(String text) {
    byte[] inner = ENCODER.quoteAsUTF8(text);
    var quoted = new byte[inner.length + 2];
    quoted[0] = '"';
    System.arraycopy(inner, 0, quoted, 1, inner.length);
    quoted[inner.length + 1] = '"';
    return quoted;
  }

  private JsonBuffer append(char ascii) {
    reserve(1);
    bytes[size++] = (byte) ascii;
    return this;
  }

  private JsonBuffer append(byte[] more) {
    reserve(more.length);
    System.arraycopy(more, 0, bytes, size, more.length);
    size += more.length;
    return this;
  }

  private void reserve(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
    }
  }
}
