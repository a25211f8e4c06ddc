package dev.posthorn.core.event;

/**
 * One entry of {@code events.types}: an exact type, {@code prefix.*}, or {@code *}.
 *
 * <p>Case-sensitive. {@code order.*} matches {@code order.a} and {@code order.a.b}, not {@code
 * order}. {@code *} matches everything but system events ({@code posthorn.}), which have to be
 * named.
 */
public sealed interface TypePattern {
  /** Types that begin so are Posthorn's own; producers may not publish them. */
  String SYSTEM_PREFIX = "posthorn.";

  /** Exactly this type. */
  record Exact(String type) implements TypePattern {
    @Override
    public boolean matches(String candidate) {
      return type.equals(candidate);
    }
  }

  /**
   * Every type below a prefix.
   *
   * @param prefix ends with a dot
   */
  record Prefix(String prefix) implements TypePattern {
    @Override
    public boolean matches(String candidate) {
      return candidate.length() > prefix.length() && candidate.startsWith(prefix);
    }
  }

  /** Every type that is not a system event's. */
  record All() implements TypePattern {
    @Override
    public boolean matches(String candidate) {
      return !candidate.startsWith(SYSTEM_PREFIX);
    }
  }

  /** Whether an event of this type is wanted. */
  boolean matches(String candidate);

  /**
   * Reads a pattern as written in a resource.
   *
   * @throws IllegalArgumentException if it is none; the message names it and says what is allowed
   */
  static TypePattern parse(String text) {
    if (text.equals("*")) {
      return new All();
    }
    boolean prefix = text.endsWith(".*");
    String fixed = prefix ? text.substring(0, text.length() - 1) : text;
    if (fixed.isEmpty() || fixed.equals(".") || fixed.indexOf('*') >= 0) {
      throw new IllegalArgumentException(
          "type pattern \"" + text + "\" is not an exact type, \"prefix.*\" or \"*\"");
    }
    return prefix ? new Prefix(fixed) : new Exact(fixed);
  }
}
