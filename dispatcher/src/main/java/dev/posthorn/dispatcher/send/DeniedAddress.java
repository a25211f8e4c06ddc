package dev.posthorn.dispatcher.send;

import java.io.IOException;
import java.io.Serial;

/** The socket was told to dial an address that the guard denies; nothing was sent. */
final class DeniedAddress extends IOException {
  @Serial private static final long serialVersionUID = 1;

  /** {@code message} names the rule, for the platform only. */
  DeniedAddress(String message) {
    super(message);
  }
}
