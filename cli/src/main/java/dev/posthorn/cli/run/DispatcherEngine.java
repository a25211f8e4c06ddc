package dev.posthorn.cli.run;

import dev.posthorn.cli.terminal.Refusal;
import dev.posthorn.core.config.Configuration;
import dev.posthorn.core.config.KeyAuthority;
import dev.posthorn.core.config.KeyDenial;
import dev.posthorn.dispatcher.Balance;
import dev.posthorn.dispatcher.Dispatcher;
import dev.posthorn.dispatcher.DispatcherOptions;
import dev.posthorn.dispatcher.Role;
import dev.posthorn.dispatcher.http.Callers;
import dev.posthorn.dispatcher.http.Listen;
import java.time.InstantSource;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;

/** The dispatcher as the engine of a directory. */
record DispatcherEngine(Dispatcher dispatcher) implements Engine {

  /** Starts a dispatcher with {@code first} in effect; refuses what it cannot start with. */
  static DispatcherEngine start(
      StandaloneOptions options,
      Callers callers,
      KeyAuthority keys,
      String consumer,
      Configuration first,
      InstantSource clock) {
    var dispatcherOptions =
        new DispatcherOptions(
            options.data(),
            Role.ALL,
            options.store(),
            options.api(),
            options.management(),
            callers,
            keys,
            consumer,
            options.version(),
            options.drain());
    return switch (Dispatcher.start(dispatcherOptions, clock)) {
      case Dispatcher.Start.Failed(String message) -> throw Refusal.cannotStart(message);
      case Dispatcher.Start.Started(Dispatcher dispatcher) -> {
        dispatcher.apply(first);
        yield new DispatcherEngine(dispatcher);
      }
    };
  }

  @Override
  public void apply(Configuration configuration) {
    dispatcher.apply(configuration);
  }

  @Override
  public Listen api() {
    return dispatcher.api().orElseThrow();
  }

  @Override
  public Listen management() {
    return dispatcher.management();
  }

  @Override
  public Collection<KeyDenial> denials() {
    return dispatcher.denials();
  }

  @Override
  public Balance balance() {
    return dispatcher.balance();
  }

  @Override
  public CompletableFuture<Throwable> failure() {
    return dispatcher.failure();
  }

  @Override
  public void stop() {
    dispatcher.stop();
  }
}
