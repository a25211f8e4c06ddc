package dev.posthorn.core.event;

import java.util.ArrayList;
import java.util.List;

/**
 * The types that an endpoint wants: it matches if one of its patterns does.
 *
 * <p>Immutable, safe for any thread. An index over many endpoints is built from {@link #patterns()}
 * and asked with {@link #prefixesOf}.
 *
 * @param patterns at least one
 */
public record Subscription(List<TypePattern> patterns) {

  /** Copies the patterns. */
  public Subscription {
    patterns = List.copyOf(patterns);
    if (patterns.isEmpty()) {
      throw new IllegalArgumentException("types is empty; name a type, \"prefix.*\" or \"*\"");
    }
  }

  /**
   * Reads the list as written in a resource.
   *
   * @throws IllegalArgumentException as {@link TypePattern#parse}
   */
  public static Subscription parse(List<String> types) {
    return new Subscription(types.stream().map(TypePattern::parse).toList());
  }

  /** Whether an event of this type is wanted. */
  public boolean matches(String type) {
    for (TypePattern pattern : patterns) {
      if (pattern.matches(type)) {
        return true;
      }
    }
    return false;
  }

  /**
   * All prefixes, dot included, whose {@link TypePattern.Prefix} matches {@code type}: for {@code
   * a.b.c} they are {@code a.} and {@code a.b.}. Keys for an index by prefix.
   */
  public static List<String> prefixesOf(String type) {
    var prefixes = new ArrayList<String>(4);
    int last = type.length() - 1;
    for (int dot = type.indexOf('.'); dot >= 0 && dot < last; dot = type.indexOf('.', dot + 1)) {
      prefixes.add(type.substring(0, dot + 1));
    }
    return prefixes;
  }
}
