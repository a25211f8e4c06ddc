package dev.posthorn.core.resolve;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Something about a manifest that somebody should know: what, where, why and the cure. Never shows
 * the content of a Secret.
 *
 * @param severity whether something does not work
 * @param object which object; null where a file does not get so far
 * @param place where it is written; null where it came from an API server
 * @param field path in the object, as {@code spec.headers[2].name}; empty = the object itself
 * @param cause why, for programs
 * @param message why and the cure, for people
 */
public record Finding(
    Severity severity,
    @Nullable ResourceRef object,
    @Nullable Place place,
    String field,
    Cause cause,
    String message) {

  /** How bad it is. */
  public enum Severity {
    /** The object, or the whole directory, does not come into effect. */
    ERROR,
    /** It does; look nevertheless. */
    NOTE
  }

  static Finding error(Resource<?> object, String field, Cause cause, String message) {
    return of(Severity.ERROR, object, field, cause, message);
  }

  static Finding of(
      Severity severity, Resource<?> object, String field, Cause cause, String message) {
    Optional<Place> place = object.origin().at(field);
    return new Finding(severity, object.ref(), place.orElse(null), field, cause, message);
  }

  /** Whether something does not work. */
  public boolean isError() {
    return severity == Severity.ERROR;
  }

  /** {@code file:line: Kind/name: field: message} on one line; what is not known is left out. */
  @Override
  public String toString() {
    var line = new StringBuilder();
    if (place != null) {
      line.append(place).append(": ");
    }
    if (!isError()) {
      line.append("note: ");
    }
    if (object != null) {
      line.append(object).append(": ");
    }
    if (!field.isEmpty()) {
      line.append(field).append(": ");
    }
    return line.append(message).toString().replaceAll("[\\r\\n]+\\s*", " ");
  }
}
