package dev.posthorn.cli.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import redis.clients.jedis.RedisClient;
import redis.embedded.RedisServer;
import redis.embedded.core.ExecutableProvider;

/** A Redis server of our own on a free port, with a client, in memory only. */
final class LocalRedis implements AutoCloseable {
  private final RedisServer server;
  private final RedisClient client;
  private final int port;

  private LocalRedis(RedisServer server, int port) {
    this.server = server;
    this.port = port;
    this.client = RedisClient.create("127.0.0.1", port);
  }

  /**
   * Starts one with its files in {@code directory}. Empty, with a line in {@code story}, where the
   * machine cannot run one: the demo works without.
   */
  static Optional<LocalRedis> start(Path directory, Story story) {
    try {
      Files.createDirectories(directory);
      int port = freePort();
      RedisServer server =
          RedisServer.newRedisServer()
              .executableProvider(ExecutableProvider.newJarResourceProvider(directory.toFile()))
              .port(port)
              .setting("bind 127.0.0.1")
              .setting("dir " + directory)
              .setting("save \"\"")
              .build();
      server.start();
      return Optional.of(new LocalRedis(server, port));
    } catch (IOException | RuntimeException e) {
      // The library throws exceptions of many kinds where it has no server for the machine.
      story.note("redis", "", "skipped", "none can be started here, so events come over HTTP only");
      return Optional.empty();
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  int port() {
    return port;
  }

  RedisClient client() {
    return client;
  }

  @Override
  public void close() throws IOException {
    client.close();
    server.stop();
  }
}
