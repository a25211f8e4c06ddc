package dev.posthorn.dispatcher.http;

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

  /** The raw segments of a path that starts with a slash; an empty last one stays. */
  static String[] segments(String path) {
    return (path.startsWith("/") ? path.substring(1) : path).split("/", -1);
  }

  private static Part part(String segment) {
    return segment.startsWith("{") && segment.endsWith("}")
        ? new Part.Parameter(segment.substring(1, segment.length() - 1))
        : new Part.Literal(segment);
  }

  /** The decoded parameters, if the path has this shape. Badly escaped ones have no shape. */
  Optional<Map<String, String>> match(String[] segments) {
    if (segments.length != parts.size()) {
      return Optional.empty();
    }
    Map<String, String> path = Map.of();
    for (int i = 0; i < segments.length; i++) {
      Optional<String> text = Percent.decode(segments[i]).filter(decoded -> !decoded.isEmpty());
      if (text.isEmpty()) {
        return Optional.empty();
      }
      switch (parts.get(i)) {
        case Part.Literal(String literal) -> {
          if (!literal.equals(text.get())) {
            return Optional.empty();
          }
        }
        case Part.Parameter(String name) -> {
          path = path.isEmpty() ? new HashMap<>() : path;
          path.put(name, text.get());
        }
      }
    }
    return Optional.of(path);
  }
}
