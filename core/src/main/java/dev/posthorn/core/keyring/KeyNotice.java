package dev.posthorn.core.keyring;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something about keys that the owner of a receiver should know.
 *
 * @param kind what
 * @param name the same for the same notice, whoever finds it due: it is told once
 * @param keyId the key it is about
 * @param otherKeyId the key beside it: the former of a new one, the next of one that ends or was
 *     revoked; null where there is none
 * @param time since when it is so
 * @param endTime when the former key signs no more; null where that is open or over
 * @param message one sentence for people: what, what happens next and when, what to do
 */
public record KeyNotice(
    Kind kind,
    String name,
    String keyId,
    @Nullable String otherKeyId,
    Instant time,
    @Nullable Instant endTime,
    String message) {

  /** What a notice says. */
  public enum Kind {
    /** A new key signs. */
    ROTATED("posthorn.secret.rotated"),
    /** Half, four fifths or all of the time is over in which a former key signs too. */
    OVERLAP_ENDING("posthorn.secret.overlap-ending"),
    /** A key signs nothing any more, at once. */
    REVOKED("posthorn.secret.revoked");

    private final String eventType;

    Kind(String eventType) {
      this.eventType = eventType;
    }

    /** The type of the system event. */
    public String eventType() {
      return eventType;
    }
  }
}
