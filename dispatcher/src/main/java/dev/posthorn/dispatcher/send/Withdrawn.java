package dev.posthorn.dispatcher.send;

import java.io.IOException;
import java.io.Serial;

/** A key was revoked while the connection was made; nothing of the request was written. */
final class Withdrawn extends IOException {
  @Serial private static final long serialVersionUID = 1;

  Withdrawn() {
    super("a key that signed the request was revoked");
  }
}
