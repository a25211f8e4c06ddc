package dev.posthorn.dispatcher.http;

import java.io.Serial;

/** The client went away before its request was whole: there is nobody to answer. */
final class ClientGoneException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  ClientGoneException(Throwable cause) {
    super("the client closed the connection", cause, false, false);
  }
}
