package dev.posthorn.e2e.postgres;

import dev.posthorn.dispatcher.store.PostgresProcess;
import dev.posthorn.e2e.fixture.Http;
import dev.posthorn.e2e.fixture.Manifests;
import dev.posthorn.e2e.fixture.PosthornProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;

/** Processes that share a database, its key and a directory of manifests. */
final class Fleet implements AutoCloseable {
  private final Manifests manifests;
  private final Path directory;
  private final Path key;
  private final Path url;
  private final int inFlight;
  private final List<PosthornProcess> running = new ArrayList<>(); // guarded by this
  private int lives;

  Fleet(Manifests manifests, Path directory, PostgresProcess server, String database, int inFlight)
      throws IOException {
    this.manifests = manifests;
    this.directory = directory;
    this.inFlight = inFlight;
    url = Files.writeString(directory.resolve("database.url"), server.url(database));
    byte[] bytes = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    key =
        Files.writeString(
            directory.resolve("payload.key"), Base64.getEncoder().encodeToString(bytes));
  }

  /** Starts another one. */
  PosthornProcess start() throws IOException {
    PosthornProcess process =
        PosthornProcess.run(
            manifests.directory(),
            directory.resolve("data-" + ++lives),
            "--store",
            "@" + url,
            "--payload-key",
            key.toString(),
            "--max-concurrency",
            Integer.toString(inFlight));
    synchronized (this) {
      running.add(process);
    }
    return process;
  }

  /** Any of those that run. */
  synchronized PosthornProcess any(Random random) {
    return running.get(random.nextInt(running.size()));
  }

  synchronized List<PosthornProcess> all() {
    return List.copyOf(running);
  }

  /** Publishes go to another from now on. */
  synchronized void without(PosthornProcess process) {
    running.remove(process);
  }

  Http api(Random random) {
    return any(random).api();
  }

  /** SIGSTOP, SIGCONT. */
  static void signal(PosthornProcess process, String name) throws Exception {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
  }

  @Override
  public synchronized void close() {
    running.forEach(PosthornProcess::close);
  }
}
