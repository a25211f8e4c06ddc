package dev.posthorn.dispatcher.http;

import java.util.Optional;

/** Knows callers by their bearer token. Thread-safe; may block. */
public interface Callers {
  /** Nobody: for a server all of whose calls are open. */
  Callers NONE = token -> Optional.empty();

  /** Whose token this is; empty if nobody's. */
  Optional<Caller> find(String token);
}
