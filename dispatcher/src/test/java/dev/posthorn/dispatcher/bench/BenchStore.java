package dev.posthorn.dispatcher.bench;

import dev.posthorn.dispatcher.StoreOptions;
import dev.posthorn.dispatcher.store.PostgresProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** Where a run keeps its deliveries, and what that costs outside of the dispatcher's process. */
sealed interface BenchStore {
  /** By its name, as {@code -Dbench.store} gives it. */
  static BenchStore of(String name, Path data) {
    return switch (name) {
      case "sqlite" -> new Sqlite(data);
      case "postgres" -> {
        PostgresProcess server = PostgresProcess.durable();
        yield new Postgres(server, server.create());
      }
      default ->
          throw new IllegalArgumentException(
              "-Dbench.store=" + name + " is not known: leave it out, or say sqlite or postgres");
    };
  }

  StoreOptions options();

  /** CPU of the server's processes that live. */
  long cpuNanos();

  /** Its size on disk. */
  long bytes() throws IOException;

  /**
   * Stores so much, a row for the event and one for the attempt, as plainly as can be.
   *
   * @return CPU of the server's processes, in nanoseconds
   */
  long bareInserts(int deliveries) throws SQLException;

  /** What the bare loop is called; empty where there is none. */
  String bareName();

  /** A file, without its log, whose pages come into it later. */
  record Sqlite(Path data) implements BenchStore {
    @Override
    public StoreOptions options() {
      return StoreOptions.embedded();
    }

    @Override
    public long cpuNanos() {
      return 0;
    }

    @Override
    public long bytes() throws IOException {
      return Files.size(data.resolve("posthorn.db"));
    }

    @Override
    public long bareInserts(int deliveries) {
      throw new IllegalStateException("StoreBenchmark has it");
    }

    @Override
    public String bareName() {
      return "";
    }
  }

  /** A database of a server on the same cores, whose every commit is forced to disk. */
  record Postgres(PostgresProcess server, String database) implements BenchStore {
    private static final int BATCH = 250;

    /** What the store writes of an event of 1 KiB, and of its attempt (docs/capacity.md). */
    private static final int EVENT = 1_100;

    private static final int ATTEMPT = 2_150;

    @Override
    public StoreOptions options() {
      return new StoreOptions.Postgres(server.url(database), null);
    }

    @Override
    public long cpuNanos() {
      return server.cpuNanos();
    }

    @Override
    public long bytes() {
      return Long.parseLong(server.query(database, "SELECT pg_database_size(current_database())"));
    }

    @Override
    public long bareInserts(int deliveries) throws SQLException {
      String bare = server.create();
      server.execute(bare, "CREATE TABLE a (seq bigserial PRIMARY KEY, data bytea)");
      server.execute(bare, "CREATE TABLE b (seq bigserial PRIMARY KEY, data bytea)");
      try (Connection connection = server.connect(bare);
          var event = connection.prepareStatement("INSERT INTO a (data) VALUES (?)");
          var attempt = connection.prepareStatement("INSERT INTO b (data) VALUES (?)")) {
        connection.setAutoCommit(false);
        long before = cpuNanos();
        for (int done = 0; done < deliveries; done += BATCH) {
          insert(event, EVENT);
          insert(attempt, ATTEMPT);
          connection.commit();
        }
        // Before the process ends that served this connection.
        return cpuNanos() - before;
      }
    }

    private static void insert(PreparedStatement statement, int bytes) throws SQLException {
      for (int i = 0; i < BATCH; i++) {
        statement.setBytes(1, new byte[bytes]);
        statement.addBatch();
      }
      statement.executeBatch();
    }

    @Override
    public String bareName() {
      return "bare INSERT loop, the same bytes, 250 a commit";
    }
  }
}
