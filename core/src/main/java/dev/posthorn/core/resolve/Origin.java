package dev.posthorn.core.resolve;

import java.util.Optional;

/** Knows where an object's fields were written down. */
public interface Origin {
  /** Nowhere: the object came from an API server. */
  Origin UNKNOWN = path -> Optional.empty();

  /**
   * The place of a field.
   *
   * @param path as {@code spec.headers[2].name}; of a field that is absent, the place of the
   *     nearest one that holds it
   */
  Optional<Place> at(String path);
}
