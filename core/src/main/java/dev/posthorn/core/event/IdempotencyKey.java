package dev.posthorn.core.event;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;

/**
 * The identity of an event towards its producer: (tenant, source, id) as 16 bytes.
 *
 * <p>The first half of the SHA-256 of the three texts, each in UTF-8 behind its length in four
 * bytes, so that no two triples give the same input. Two events with the same key are the same
 * event, whatever their bodies.
 *
 * @param high the first eight bytes, big-endian
 * @param low the last eight bytes
 */
public record IdempotencyKey(long high, long low) {

  /** The key of {@code event}; empty if its producer gave no id, and then it is no duplicate. */
  public static Optional<IdempotencyKey> of(PublishedEvent event) {
    String id = event.id();
    return id == null ? Optional.empty() : Optional.of(of(event.tenant(), event.source(), id));
  }

  static IdempotencyKey of(String tenant, String source, String id) {
    MessageDigest digest = sha256();
    update(digest, tenant);
    update(digest, source);
    update(digest, id);
    ByteBuffer hash = ByteBuffer.wrap(digest.digest());
    return new IdempotencyKey(hash.getLong(), hash.getLong());
  }

  private static void update(MessageDigest digest, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update((byte) (bytes.length >>> 24));
    digest.update((byte) (bytes.length >>> 16));
    digest.update((byte) (bytes.length >>> 8));
    digest.update((byte) bytes.length);
    digest.update(bytes);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java platform has SHA-256", impossible);
    }
  }

  /** The 16 bytes, fresh. */
  public byte[] bytes() {
    return ByteBuffer.allocate(16).putLong(high).putLong(low).array();
  }
}
