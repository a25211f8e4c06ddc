package dev.posthorn.dispatcher.send;

import java.io.IOException;
import java.io.Serial;

/** The receiver had closed the idle connection; nothing of the request was written. */
final class StaleConnection extends IOException {
  @Serial private static final long serialVersionUID = 1;

  StaleConnection() {
    super("the idle connection had ended");
  }
}
