package dev.posthorn.e2e.capacity;

import dev.posthorn.dispatcher.store.PostgresProcess;
import dev.posthorn.e2e.fixture.Manifests;
import dev.posthorn.e2e.fixture.PosthornProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/**
 * What a transaction costs that somebody else leaves open in the database: while it is, no row that
 * was deleted since goes from the tables and their indexes.
 */
public final class HeldSnapshotBenchmark {
  private static final Duration BESIDE = Duration.ofSeconds(Integer.getInteger("bench.beside", 30));
  private static final Duration HELD = Duration.ofSeconds(Integer.getInteger("bench.held", 60));
  private static final int THREADS = 32;
  private static final double GOAL = 0.7;

  private HeldSnapshotBenchmark() {}

  /** Prints what it saw; takes no arguments. */
  public static void main(String[] args) throws Exception {
    Bench.printMachine();
    try (var loop = new ClosedLoop()) {
      Bench.in(directory -> play(directory, loop));
    }
  }

  private static boolean play(Path directory, ClosedLoop loop) throws Exception {
    PostgresProcess server = PostgresProcess.durable();
    String database = server.create();
    Manifests manifests = Manifests.in(directory);
    manifests.write("loop.yaml", loop.manifest());
    Path url = Files.writeString(directory.resolve("database.url"), server.url(database));
    try (var posthorn =
        PosthornProcess.tuned(
            List.of("-Xmx256m"),
            manifests.directory(),
            directory.resolve("data"),
            "--store",
            "@" + url)) {
      loop.start(posthorn.api(), THREADS);
      print("warming up", loop.window(BESIDE));
      ClosedLoop.Window before = print("before", loop.window(BESIDE));
      ClosedLoop.Window during = print("held", held(server, database, loop));
      ClosedLoop.Window after = print("after", loop.window(BESIDE));
      int lost = loop.stop();
      // Somebody else on the machine may have slowed one of the two down.
      double without = Math.max(before.perSecond(), after.perSecond());
      Bench.judge("held: at most 30 % less", during.perSecond() >= GOAL * without);
      Bench.judge("every event arrives within 30 s", lost == 0);
      return lost == 0;
    }
  }

  private static ClosedLoop.Window held(PostgresProcess server, String database, ClosedLoop loop)
      throws SQLException, InterruptedException {
    try (Connection connection = server.connect(database);
        var statement = connection.createStatement()) {
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      connection.setAutoCommit(false);
      statement.execute("SELECT count(*) FROM delivery");
      ClosedLoop.Window window = loop.window(HELD);
      String held =
          server.query(
              database,
              "SELECT sum(age(backend_xmin)) FROM pg_stat_activity"
                  + " WHERE state = 'idle in transaction' AND backend_xmin IS NOT NULL");
      System.out.println("transactions since the one that is held: " + held);
      connection.rollback();
      return window;
    }
  }

  private static ClosedLoop.Window print(String name, ClosedLoop.Window window) {
    System.out.printf("%-12s %7.0f events/s, %s%n", name, window.perSecond(), window.latency());
    return window;
  }
}
