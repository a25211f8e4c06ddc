package dev.posthorn.dispatcher.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A path pattern, cut into segments.
 *
 * @param parts literal text or a parameter each
 */
record RouteTemplate(List<Part> parts) {
  /** One segment of a pattern. */
  sealed interface Part {
    /** Exactly this text. */
    record Literal(String text) implements Part {}

    /** Any non-empty text, under this name. */
    record Parameter(String name) implements Part {}
  }

  static RouteTemplate of(String template) {
    return new RouteTemplate(
        List.of(segments(template)).stream().map(RouteTemplate::part).toList());
  }

  /** The raw segments; an empty last one stays. */
  private static String[] segments(String path) {
    return (path.startsWith("/") ? path.substring(1) : path).split("/", -1);
  }

  /** The decoded segments of a path; empty if one is, or is badly escaped: no call has those. */
  static Optional<List<String>> decoded(String path) {
    var decoded = new ArrayList<String>();
    for (String segment : segments(path)) {
      Optional<String> text = Percent.decode(segment);
      if (text.isEmpty() || text.get().isEmpty()) {
        return Optional.empty();
      }
      decoded.add(text.get());
    }
    return Optional.of(decoded);
  }

  private static Part part(String segment) {
    return segment.startsWith("{") && segment.endsWith("}")
        ? new Part.Parameter(segment.substring(1, segment.length() - 1))
        : new Part.Literal(segment);
  }

  /** The parameters, if decoded segments have this shape. */
  Optional<Map<String, String>> match(List<String> segments) {
    if (segments.size() != parts.size()) {
      return Optional.empty();
    }
    Map<String, String> path = Map.of();
    for (int i = 0; i < segments.size(); i++) {
      switch (parts.get(i)) {
        case Part.Literal(String literal) -> {
          if (!literal.equals(segments.get(i))) {
            return Optional.empty();
          }
        }
        case Part.Parameter(String name) -> {
          path = path.isEmpty() ? new HashMap<>() : path;
          path.put(name, segments.get(i));
        }
      }
    }
    return Optional.of(path);
  }
}
