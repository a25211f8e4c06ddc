package dev.posthorn.dispatcher.http;

import java.util.List;

/** What keeps the process from doing its work now. Thread-safe, quick, never blocks. */
public interface Readiness {
  /**
   * Something that is not ready.
   *
   * @param name what: {@code store}, {@code config}
   * @param reason why, and what to do if it does not pass by itself
   */
  record NotReady(String name, String reason) {}

  /** Everything that is not ready; empty when all is. */
  List<NotReady> missing();
}
