package dev.posthorn.cli.client;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What became of one publish. */
public sealed interface PublishAnswer {
  /**
   * The event is on disk.
   *
   * @param id Posthorn's id of the event
   * @param duplicate true when this id of the producer's was accepted before
   */
  record Accepted(String id, boolean duplicate) implements PublishAnswer {}

  /**
   * Not accepted, and the same again would not be.
   *
   * @param message one line: status, what is wrong, what to do
   */
  record Refused(String message) implements PublishAnswer {}

  /**
   * Not now.
   *
   * @param message one line: status and why
   * @param retryAfter how long the server asks to wait; absent when it does not say
   */
  record Busy(String message, @Nullable Duration retryAfter) implements PublishAnswer {}

  /**
   * No answer at all.
   *
   * @param message one line: what was tried, what to do
   */
  record Unreachable(String message) implements PublishAnswer {}
}
