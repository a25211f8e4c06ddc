package dev.posthorn.cli.cluster;

import dev.posthorn.cli.data.DataDirectory;
import dev.posthorn.cli.terminal.Refusal;
import dev.posthorn.dispatcher.Balance;
import dev.posthorn.dispatcher.ClusterDispatcher;
import dev.posthorn.dispatcher.ClusterOptions;
import dev.posthorn.dispatcher.Role;
import dev.posthorn.dispatcher.StoreOptions;
import dev.posthorn.dispatcher.StoreWait;
import dev.posthorn.dispatcher.http.Listen;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A data directory and a dispatcher in a cluster at work: the composition root of {@code
 * dispatcher}.
 */
public final class ClusterRun implements AutoCloseable {
  private final DataDirectory data;
  private final ClusterDispatcher dispatcher;

  private ClusterRun(DataDirectory data, ClusterDispatcher dispatcher) {
    this.data = data;
    this.dispatcher = dispatcher;
  }

  /**
   * What it is started with.
   *
   * @param dispatcher the name of the Dispatcher resource
   * @param namespace of that resource
   * @param data what this process keeps: with the embedded store everything that must survive
   * @param role which part of the work it does
   * @param store where deliveries are kept
   * @param api where the API listens, if its role has one
   * @param management where health, metrics and the operator's calls are
   * @param version Posthorn's own
   * @param drain how long a stop waits for what is in flight
   */
  public record Options(
      String dispatcher,
      String namespace,
      Path data,
      Role role,
      StoreOptions store,
      Listen api,
      Listen management,
      String version,
      Duration drain) {}

  /**
   * Starts, and returns when it listens; it is ready once it has its configuration. Waits for a
   * database that cannot be used. Refuses with one line, and leaves nothing running, what cannot
   * work: the data directory, taken ports.
   *
   * @param pause while it waits for the database
   * @return empty where it was asked to stop while it waited
   */
  public static Optional<ClusterRun> start(
      Options options, StoreWait.Pause pause, InstantSource clock) throws InterruptedException {
    DataDirectory data = DataDirectory.open(options.data());
    try {
      if (!StoreWait.until(options.store(), options.data(), options.management(), pause)) {
        data.close();
        return Optional.empty();
      }
      return Optional.of(new ClusterRun(data, dispatcher(options, data, clock)));
    } catch (IOException e) {
      close(data, e);
      throw Refusal.cannotStart("--data " + options.data() + ": " + e.getMessage());
    } catch (InterruptedException | RuntimeException e) {
      close(data, e);
      throw e;
    }
  }

  private static ClusterDispatcher dispatcher(
      Options options, DataDirectory data, InstantSource clock) throws IOException {
    var wanted =
        new ClusterOptions(
            options.dispatcher(),
            options.namespace(),
            options.data(),
            options.role(),
            options.store(),
            options.api(),
            options.management(),
            data.consumer(new SecureRandom()),
            options.version(),
            options.drain());
    return switch (ClusterDispatcher.start(wanted, clock)) {
      case ClusterDispatcher.Start.Started(var dispatcher) -> dispatcher;
      case ClusterDispatcher.Start.Failed(String message) -> throw Refusal.cannotStart(message);
    };
  }

  private static void close(DataDirectory data, Exception why) {
    try {
      data.close();
    } catch (IOException e) {
      why.addSuppressed(e);
    }
  }

  /** Where the API listens, if its role has one. */
  public Optional<Listen> api() {
    return dispatcher.api();
  }

  /** Where health, metrics and the operator's calls are. */
  public Listen management() {
    return dispatcher.management();
  }

  /** What was accepted and what became of it. */
  public Balance balance() {
    return dispatcher.balance();
  }

  /** Completes when the engine broke, which the log explains; the process must end then. */
  public CompletableFuture<Throwable> failure() {
    return dispatcher.failure();
  }

  /** Stops in order: no more changes, no more events, what is in flight, the files. */
  @Override
  public void close() throws IOException {
    try {
      dispatcher.stop();
    } finally {
      data.close();
    }
  }
}
