package dev.posthorn.cli.run;

import dev.posthorn.core.config.Configuration;
import dev.posthorn.core.config.KeyDenial;
import dev.posthorn.dispatcher.Balance;
import dev.posthorn.dispatcher.http.Listen;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;

/** What delivers, as far as a directory steers it: the dispatcher, or a recording in tests. */
interface Engine {
  /** Makes {@code configuration} the one in effect. Returns when new events see it. */
  void apply(Configuration configuration);

  /** Where the API listens, with the port that was really taken. */
  Listen api();

  /** Where health and metrics are, with the port that was really taken. */
  Listen management();

  /** Keys that callers revoked here, whatever the keyrings say. */
  Collection<KeyDenial> denials();

  /** What was accepted and what became of it. */
  Balance balance();

  /** Completes when it broke: the process must end, and start again from the store. */
  CompletableFuture<Throwable> failure();

  /** Accepts nothing more, waits for what is in flight, writes all outcomes. */
  void stop();
}
