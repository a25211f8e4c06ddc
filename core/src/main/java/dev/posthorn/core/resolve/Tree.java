package dev.posthorn.core.resolve;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A value of a YAML document that knows its line. Immutable; {@code toString} shows the line only,
 * since any value may be a secret.
 */
sealed interface Tree {
  /** The line where the value, or the key it belongs to, begins; from 1. */
  int line();

  /**
   * A single value.
   *
   * @param value String, Long, Double, Boolean or null
   */
  record Scalar(@Nullable Object value, int line) implements Tree {
    @Override
    public String toString() {
      return "Scalar:" + line;
    }
  }

  /** A list. */
  record Items(List<Tree> items, int line) implements Tree {
    private @Nullable Tree item(String index) {
      boolean number = index.length() < 9 && index.chars().allMatch(c -> c >= '0' && c <= '9');
      int at = number && !index.isEmpty() ? Integer.parseInt(index) : items.size();
      return at < items.size() ? items.get(at) : null;
    }

    @Override
    public String toString() {
      return "Items:" + line;
    }
  }

  /** An object, in the order of the file. */
  record Fields(Map<String, Tree> fields, int line) implements Tree {
    /** The field's value, or null. */
    @Nullable Tree get(String name) {
      return fields.get(name);
    }

    /** The field's text; null where it is absent or no text. */
    @Nullable String text(String name) {
      return get(name) instanceof Scalar(String text, int at) ? text : null;
    }

    @Override
    public String toString() {
      return "Fields:" + line;
    }
  }

  /** The same value without lines: Map, List, String, Long, Double, Boolean or null. */
  default @Nullable Object plain() {
    return switch (this) {
      case Scalar scalar -> scalar.value();
      case Items list -> {
        var plain = new ArrayList<@Nullable Object>(list.items().size());
        list.items().forEach(item -> plain.add(item.plain()));
        yield plain;
      }
      case Fields object -> {
        var plain = new LinkedHashMap<String, @Nullable Object>();
        object.fields().forEach((name, value) -> plain.put(name, value.plain()));
        yield plain;
      }
    };
  }

  /** The line of {@code path} ({@code spec.headers[2].name}), or of the nearest part of it. */
  default int lineOf(String path) {
    Tree at = this;
    for (String step : FieldPath.steps(path)) {
      Tree next =
          switch (at) {
            case Fields object -> object.get(step);
            case Items list -> list.item(step);
            case Scalar scalar -> null;
          };
      if (next == null) {
        return at.line();
      }
      at = next;
    }
    return at.line();
  }
}
