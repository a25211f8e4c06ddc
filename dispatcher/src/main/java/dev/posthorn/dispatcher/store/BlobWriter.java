package dev.posthorn.dispatcher.store;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Writes values one after the other into a blob; {@link BlobReader} reads them in that order. */
final class BlobWriter {
  private byte[] bytes;
  private int size;

  BlobWriter(int expected) {
    bytes = new byte[expected];
  }

  BlobWriter number(int value) {
    return number((long) value);
  }

  /** A number in 1 to 10 bytes; small ones, of either sign, take few. */
  BlobWriter number(long value) {
    long zigzag = (value << 1) ^ (value >> 63);
    room(10);
    while ((zigzag & ~0x7fL) != 0) {
      bytes[size++] = (byte) ((zigzag & 0x7f) | 0x80);
      zigzag >>>= 7;
    }
    bytes[size++] = (byte) zigzag;
    return this;
  }

  BlobWriter data(byte[] value) {
    number(value.length);
    room(value.length);
    System.arraycopy(value, 0, bytes, size, value.length);
    size += value.length;
    return this;
  }

  BlobWriter text(@Nullable String value) {
    return value == null ? number(-1) : data(value.getBytes(StandardCharsets.UTF_8));
  }

  BlobWriter instant(@Nullable Instant value) {
    return value == null ? number(-1) : number(value.getNano()).number(value.getEpochSecond());
  }

  byte[] toBytes() {
    return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
  }

  private void room(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
    }
  }
}
