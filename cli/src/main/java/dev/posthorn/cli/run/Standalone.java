package dev.posthorn.cli.run;

import dev.posthorn.cli.data.AdminToken;
import dev.posthorn.cli.data.DataDirectory;
import dev.posthorn.cli.data.KeyringFiles;
import dev.posthorn.cli.manifest.ManifestTree;
import dev.posthorn.cli.manifest.ManifestWatch;
import dev.posthorn.cli.run.Reconfiguration.Outcome;
import dev.posthorn.cli.terminal.Input;
import dev.posthorn.cli.terminal.Refusal;
import dev.posthorn.core.config.Configuration;
import dev.posthorn.core.expression.Expressions;
import dev.posthorn.core.resolve.Resolver;
import dev.posthorn.core.signing.BuiltInSchemes;
import dev.posthorn.dispatcher.Balance;
import dev.posthorn.dispatcher.http.Callers;
import dev.posthorn.dispatcher.http.Listen;
import dev.posthorn.dispatcher.http.TokenFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A directory and a dispatcher at work: the composition root of {@code run}. One thread of its own
 * besides the dispatcher's watches the directory, see {@link ManifestLoop}.
 */
public final class Standalone implements AutoCloseable {
  private final DataDirectory data;
  private final KeyringFiles keyrings;
  private final Engine engine;
  private final ManifestLoop loop;
  private final Configuration first;
  private final Thread watcher;
  private final @Nullable AdminToken token;

  private Standalone(
      DataDirectory data,
      KeyringFiles keyrings,
      Engine engine,
      ManifestLoop loop,
      Configuration first,
      @Nullable AdminToken token) {
    this.data = data;
    this.keyrings = keyrings;
    this.engine = engine;
    this.loop = loop;
    this.first = first;
    this.token = token;
    this.watcher =
        Thread.ofPlatform()
            .name("manifests")
            .uncaughtExceptionHandler((_, broken) -> engine.failure().complete(broken))
            .start(loop);
  }

  /**
   * Starts everything and returns when events are accepted. Refuses with one line, and leaves
   * nothing running, what cannot work: see {@link DataDirectory#open}, the manifests on a first
   * start, the token file, taken ports.
   */
  public static Standalone start(StandaloneOptions options, RunListener listener, Clock clock) {
    requireDirectory(options.manifests());
    DataDirectory data = DataDirectory.open(options.data());
    try {
      return start(options, data, listener, clock);
    } catch (IOException e) {
      close(data);
      throw Refusal.cannotStart(
          "--data " + options.data() + " or " + options.manifests() + ": " + e.getMessage());
    } catch (RuntimeException e) {
      close(data);
      throw e;
    }
  }

  private static Standalone start(
      StandaloneOptions options, DataDirectory data, RunListener listener, Clock clock)
      throws IOException {
    var random = new SecureRandom();
    AdminToken token = options.tokens() == null ? AdminToken.in(data, random) : null;
    Callers callers = callers(options.tokens(), token);
    KeyringFiles keyrings = KeyringFiles.in(data);
    var lastGood = new LastGood(data);
    Optional<Configuration> former = lastGood.read();
    var reconfiguration =
        new Reconfiguration(
            new Resolver(
                BuiltInSchemes.load(), new Expressions(System::nanoTime), options.resolve()),
            keyrings,
            lastGood,
            random,
            former.orElse(Configuration.EMPTY));
    var tree = new ManifestTree(options.manifests());
    var watch = new ManifestWatch(tree, clock); // before the first look, so that nothing is missed
    try {
      Outcome outcome =
          reconfiguration.read(ManifestLoop.files(options.manifests(), tree), clock.instant());
      Configuration first = first(outcome, former, options.manifests(), listener);
      var live = new LiveConfiguration(reconfiguration, listener, clock);
      Engine engine =
          DispatcherEngine.start(options, callers, live, data.consumer(random), first, clock);
      live.begin(engine, first, outcome.findings());
      var loop = new ManifestLoop(options.manifests(), watch, live, listener, clock);
      return new Standalone(data, keyrings, engine, loop, first, token);
    } catch (IOException | RuntimeException e) {
      watch.close();
      throw e;
    }
  }

  /** With a last good state everything that is good runs; a first start is all or nothing. */
  private static Configuration first(
      Outcome outcome, Optional<Configuration> former, Path manifests, RunListener listener) {
    if (!outcome.findings().isEmpty()) {
      listener.found(outcome.findings());
    }
    return switch (outcome) {
      case Outcome.Resolved resolved when former.isPresent() || !resolved.hasErrors() ->
          resolved.configuration();
      case Outcome.Unusable _ when former.isPresent() -> {
        listener.kept("starting with the last good state of --data");
        yield former.get();
      }
      default ->
          throw Refusal.cannotStart(
              manifests
                  + " has errors and there is no last good state to start from; mend the lines"
                  + " above ('posthorn lint "
                  + manifests
                  + "' shows them again)");
    };
  }

  private static void requireDirectory(Path manifests) {
    if (!Files.isDirectory(manifests)) {
      throw Refusal.cannotStart(
          manifests
              + (Files.exists(manifests) ? " is not a directory" : " does not exist")
              + "; name the directory that holds the manifests");
    }
  }

  private static Callers callers(@Nullable Path tokens, @Nullable AdminToken token) {
    if (tokens == null) {
      return token == null ? Callers.NONE : TokenFile.admin(token.value()).callers();
    }
    String yaml = new String(Input.file("--tokens", tokens), StandardCharsets.UTF_8);
    return switch (TokenFile.read(yaml)) {
      case TokenFile.Reading.Read(TokenFile file) -> file.callers();
      case TokenFile.Reading.Refused(var problems) ->
          throw Refusal.cannotStart("--tokens " + tokens + ": " + String.join("; ", problems));
    };
  }

  private static void close(DataDirectory data) {
    try {
      data.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot unlock " + data.path(), e);
    }
  }

  /** Where the API listens. */
  public Listen api() {
    return engine.api();
  }

  /** Where health and metrics are. */
  public Listen management() {
    return engine.management();
  }

  /** What was accepted and what became of it. */
  public Balance balance() {
    return engine.balance();
  }

  /** Completes when the engine broke, which the log explains; the process must end then. */
  public CompletableFuture<Throwable> failure() {
    return engine.failure();
  }

  /** What went live at the start. */
  public Configuration configuration() {
    return first;
  }

  /** The admin token; absent where a token file says who may call. */
  public Optional<AdminToken> token() {
    return Optional.ofNullable(token);
  }

  /** The stored keyrings. */
  public KeyringFiles keyrings() {
    return keyrings;
  }

  /**
   * Stops in order: no more changes, no more events, what is in flight, the files. Never waits
   * longer than the options' drain for what is in flight.
   */
  @Override
  public void close() throws IOException {
    loop.close();
    try {
      watcher.join();
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
    }
    try {
      engine.stop();
    } finally {
      data.close();
    }
  }
}
