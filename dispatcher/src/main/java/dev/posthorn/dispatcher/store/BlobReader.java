package dev.posthorn.dispatcher.store;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads what {@link BlobWriter} wrote. */
final class BlobReader {
  private final byte[] bytes;
  private int at;

  BlobReader(byte[] bytes) {
    this.bytes = bytes;
  }

  int integer() {
    return Math.toIntExact(number());
  }

  long number() {
    long zigzag = 0;
    int shift = 0;
    byte next;
    do {
      next = bytes[at++];
      zigzag |= (next & 0x7fL) << shift;
      shift += 7;
    } while (next < 0);
    return (zigzag >>> 1) ^ -(zigzag & 1);
  }

  byte[] data() {
    return take(integer());
  }

  @Nullable String text() {
    int length = integer();
    if (length < 0) {
      return null;
    }
    at += length;
    return new String(bytes, at - length, length, StandardCharsets.UTF_8);
  }

  /** A text that is always there. */
  String someText() {
    String text = text();
    if (text == null) {
      throw new IllegalStateException("a text is missing in a stored blob");
    }
    return text;
  }

  @Nullable Instant instant() {
    long nano = number();
    return nano < 0 ? null : Instant.ofEpochSecond(number(), nano);
  }

  private byte[] take(int length) {
    at += length;
    return Arrays.copyOfRange(bytes, at - length, at);
  }
}
