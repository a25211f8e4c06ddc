package dev.posthorn.core.event;

import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Posthorn's own id of an event: {@code msg_} and 26 characters of Crockford's base 32, the first
 * ten of them the acceptance time in milliseconds, so that ids sort by time.
 *
 * <p>It holds neither a dot nor any character that a signature scheme forbids, and it is the same
 * for all endpoints, attempts and replays of an event.
 *
 * @param value the whole id, prefix included
 */
public record EventId(String value) {
  private static final String PREFIX = "msg_";
  private static final String DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
  private static final char[] ALPHABET = DIGITS.toCharArray();
  private static final int LENGTH = PREFIX.length() + 26;

  /** Checks the form of {@code value}. */
  public EventId {
    if (value.length() != LENGTH || !value.startsWith(PREFIX)) {
      throw new IllegalArgumentException(
          "event id \"" + value + "\" is not msg_ followed by 26 characters");
    }
  }

  /** Reads an id that a caller gave; empty if no event can have it. */
  public static Optional<EventId> parse(String text) {
    boolean possible =
        text.length() == LENGTH
            && text.startsWith(PREFIX)
            && text.chars().skip(PREFIX.length()).allMatch(c -> DIGITS.indexOf(c) >= 0);
    return possible ? Optional.of(new EventId(text)) : Optional.empty();
  }

  /** Makes the id of an event accepted at {@code accepted}, with 80 random bits. */
  public static EventId next(Instant accepted, RandomGenerator random) {
    var text = new char[LENGTH];
    PREFIX.getChars(0, PREFIX.length(), text, 0);
    encode(accepted.toEpochMilli(), text, PREFIX.length(), 10);
    encode(random.nextLong(1L << 40), text, PREFIX.length() + 10, 8);
    encode(random.nextLong(1L << 40), text, PREFIX.length() + 18, 8);
    return new EventId(new String(text));
  }

  private static void encode(long bits, char[] into, int from, int digits) {
    for (int i = digits - 1; i >= 0; i--) {
      into[from + i] = ALPHABET[(int) (bits & 31)];
      bits >>>= 5;
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
