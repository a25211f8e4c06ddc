package dev.posthorn.dispatcher.send;

import dev.posthorn.core.config.OutcomeClass;
import java.io.Serial;
import java.net.UnknownHostException;

/** The only kind of exception that OkHttp lets a lookup throw; says why there is no address. */
final class LookupFailure extends UnknownHostException {
  @Serial private static final long serialVersionUID = 1;

  private final OutcomeClass outcome;

  LookupFailure(OutcomeClass outcome, String message) {
    super(message);
    this.outcome = outcome;
  }

  OutcomeClass outcome() {
    return outcome;
  }
}
