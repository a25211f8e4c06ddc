package dev.posthorn.dispatcher.snapshot;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether a record that was read from JSON has everything that it must have. The reader leaves null
 * what is missing, and the records' declarations say which of it may be.
 */
final class Completeness {
  private static final String OURS = "dev.posthorn.core.";

  private Completeness() {}

  /** The path of the first component that is missing, as {@code retry.maxAgeSeconds}. */
  static Optional<String> missing(Record value) {
    for (RecordComponent component : value.getClass().getRecordComponents()) {
      Object part = get(component, value);
      boolean optional = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
      if (part == null && !optional) {
        return Optional.of(component.getName());
      }
      Optional<String> deeper = within(part);
      if (deeper.isPresent()) {
        return deeper.map(path -> component.getName() + "." + path);
      }
    }
    return Optional.empty();
  }

  private static Optional<String> within(@Nullable Object part) {
    Collection<?> parts =
        part instanceof Collection<?> many ? many : part == null ? List.of() : List.of(part);
    return parts.stream()
        .filter(each -> each.getClass().getName().startsWith(OURS))
        .filter(Record.class::isInstance)
        .flatMap(each -> missing((Record) each).stream())
        .findFirst();
  }

  private static @Nullable Object get(RecordComponent component, Record value) {
    try {
      return component.getAccessor().invoke(value);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("records of core are public and their accessors plain", e);
    }
  }
}
