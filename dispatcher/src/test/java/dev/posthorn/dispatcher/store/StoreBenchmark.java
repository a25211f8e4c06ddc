package dev.posthorn.dispatcher.store;

import static dev.posthorn.dispatcher.store.Samples.T0;

import com.sun.management.ThreadMXBean;
import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.event.Event;
import dev.posthorn.core.event.EventData;
import dev.posthorn.core.event.EventId;
import dev.posthorn.core.event.IdempotencyKey;
import dev.posthorn.core.event.PublishedEvent;
import dev.posthorn.dispatcher.store.AttemptDetail.Header;
import dev.posthorn.dispatcher.store.AttemptDetail.Message;
import dev.posthorn.dispatcher.store.AttemptDetail.Timings;
import dev.posthorn.dispatcher.store.SqliteConnector.Use;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a delivery costs in each store: CPU of the writing thread per delivery for accept and
 * outcome, and of the server's processes for both, with every commit forced to disk, beside bare
 * INSERT loops of the same bytes. Arguments: deliveries per case (200000), a directory (the
 * temporary one), and indexes of SQLite to drop, separated by commas.
 */
final class StoreBenchmark {
  private static final int BATCH = 256;
  private static final int PAYLOAD = 1024;

  private final Path parent;
  private final int deliveries;
  private final List<String> dropped;
  private final PostgresProcess server = PostgresProcess.durable();
  private final ThreadMXBean cpu = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final Random random = new Random(1);

  private StoreBenchmark(Path parent, int deliveries, List<String> dropped) {
    this.parent = parent;
    this.deliveries = deliveries;
    this.dropped = dropped;
  }

  public static void main(String[] arguments) throws Exception {
    int deliveries = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 200_000;
    Path parent =
        Path.of(arguments.length > 1 ? arguments[1] : System.getProperty("java.io.tmpdir"));
    var benchmark =
        new StoreBenchmark(
            parent,
            deliveries,
            arguments.length > 2 ? List.of(arguments[2].split(",")) : List.of());
    benchmark.run();
  }

  /** A case; batch counts deliveries in a transaction. */
  private record Case(
      String name,
      int endpoints,
      int tenants,
      int fanOut,
      int batch,
      boolean keyed,
      boolean detail) {}

  private void run() throws Exception {
    System.out.printf(
        "%s, %d processors, %d deliveries, payload %d bytes%n",
        System.getProperty("os.arch"),
        Runtime.getRuntime().availableProcessors(),
        deliveries,
        PAYLOAD);
    System.out.printf(
        "%-56s %10s %10s %10s %10s %12s%n",
        "case", "CPU us", "accept", "outcome", "server", "deliveries/s");
    bare("bare INSERT: payload and attempt row", PAYLOAD);
    bare("bare INSERT: the same with 2 KiB in all", 2 * PAYLOAD);
    barePostgres("bare INSERT: payload and attempt row", PAYLOAD);
    barePostgres("bare INSERT: the same with 2 KiB in all", 2 * PAYLOAD);
    for (int warm = 0; warm < 2; warm++) {
      run(new Case("100 endpoints, no excerpts", 100, 20, 1, BATCH, false, false));
    }
    run(new Case("100 endpoints, excerpts of 1 KiB", 100, 20, 1, BATCH, false, true));
    run(new Case("the same, with idempotency keys", 100, 20, 1, BATCH, true, true));
    run(new Case("10,000 endpoints, 1,000 tenants", 10_000, 1_000, 1, BATCH, false, true));
    run(new Case("fan-out 10, batches of 25 events", 100, 1, 10, BATCH, false, true));
    run(new Case("batches of 16", 100, 20, 1, 16, false, true));
    run(new Case("one by one", 100, 20, 1, 1, false, true));
  }

  private void run(Case what) throws Exception {
    Path directory = Files.createTempDirectory(parent, "store-benchmark");
    try (DeliveryStore store = SqliteDeliveryStore.open(directory)) {
      drop(directory);
      run(what, "SQLite", store, () -> 0);
    } finally {
      delete(directory);
    }
    try (DeliveryStore store =
        PostgresDeliveryStore.open(
            new PostgresDeliveryStore.Options(
                server.url(server.create()),
                new SecretKeySpec(new byte[32], "AES"),
                tenant -> 0,
                "benchmark",
                PostgresDeliveryStore.LEASE,
                true))) {
      run(what, "PostgreSQL", store, server::cpuNanos);
    }
  }

  private void run(Case what, String name, DeliveryStore store, LongSupplier serverCpu) {
    List<Integer> endpoints = register(store, what);
    int rounds = Math.max(1, deliveries / what.batch() / (what.batch() == 1 ? 20 : 1));
    long accepting = 0;
    long recording = 0;
    long serving = serverCpu.getAsLong();
    long begun = System.nanoTime();
    for (int i = 0; i < rounds; i++) {
      List<Write> accept = accept(what, endpoints);
      long start = cpuNanos();
      List<Written> answers = store.write(accept);
      store.maintain(false);
      long middle = cpuNanos();
      List<Write> outcomes = outcomes(what, accept, answers);
      long prepared = cpuNanos();
      store.write(outcomes);
      store.maintain(false);
      accepting += middle - start;
      recording += cpuNanos() - prepared;
    }
    double all = (double) rounds * Math.max(1, what.batch() / what.fanOut()) * what.fanOut();
    print(
        name + ", " + what.name(),
        accepting / all / 1e3,
        recording / all / 1e3,
        (serverCpu.getAsLong() - serving) / all / 1e3,
        all / ((System.nanoTime() - begun) / 1e9));
  }

  private void print(String name, double accept, double record, double serving, double perSecond) {
    System.out.printf(
        "%-56s %10.1f %10.1f %10.1f %10.1f %12.0f%n",
        name, accept + record + serving, accept, record, serving, perSecond);
  }

  private long cpuNanos() {
    return cpu.getCurrentThreadCpuTime();
  }

  private void drop(Path directory) throws SQLException {
    try (Connection connection =
            SqliteConnector.open(directory.resolve(SqliteFile.NAME), Use.WRITE);
        Statement statement = connection.createStatement()) {
      for (String index : dropped) {
        statement.executeUpdate("DROP INDEX " + index);
      }
    }
  }

  private static List<Integer> register(DeliveryStore store, Case what) {
    List<Write> writes =
        IntStream.range(0, what.endpoints())
            .<Write>mapToObj(i ->
                new Write.Register(
                    new ResourceName("n", "e" + i), "tenant-" + i % what.tenants(), 0))
            .toList();
    return store.write(writes).stream()
        .map(written -> ((Written.Registered) written).row().number())
        .toList();
  }

  private List<Write> accept(Case what, List<Integer> endpoints) {
    var writes = new ArrayList<Write>();
    for (int i = 0; i < Math.max(1, what.batch() / what.fanOut()); i++) {
      int first = random.nextInt(endpoints.size());
      List<Integer> targets =
          IntStream.range(0, what.fanOut())
              .mapToObj(j -> endpoints.get((first + j) % endpoints.size()))
              .toList();
      writes.add(new Write.Accept(List.of(event(what, first % what.tenants(), targets))));
    }
    return writes;
  }

  private NewEvent event(Case what, int tenant, List<Integer> targets) {
    var data = new byte[PAYLOAD];
    random.nextBytes(data);
    var published =
        new PublishedEvent(
            "tenant-" + tenant,
            "order.created",
            "/shop",
            what.keyed() ? Long.toHexString(random.nextLong()) : null,
            null,
            null,
            new EventData(data, "application/json", EventData.Form.JSON),
            null,
            null,
            java.util.Map.of());
    Instant now = T0.plus(Duration.ofNanos(System.nanoTime()));
    byte[] key = IdempotencyKey.of(published).map(IdempotencyKey::bytes).orElse(new byte[0]);
    return new NewEvent(new Event(EventId.next(now, random), now, published), key, targets);
  }

  private static List<Write> outcomes(Case what, List<Write> accepts, List<Written> answers) {
    var outcomes = new ArrayList<Write>();
    for (int i = 0; i < accepts.size(); i++) {
      NewEvent event = ((Write.Accept) accepts.get(i)).events().getFirst();
      var stored = (Accepted.Stored) ((Written.Accepts) answers.get(i)).answers().getFirst();
      for (int endpoint : event.targets()) {
        var key = new DeliveryKey(endpoint, stored.seq());
        byte[] data = event.event().published().data().bytes();
        Attempt attempt = Samples.delivered(key, 1, event.event().accepted());
        outcomes.add(
            new Write.Record(
                new Attempt(
                    key,
                    1,
                    attempt.time(),
                    attempt.outcome(),
                    200,
                    null,
                    true,
                    null,
                    detail(what.detail() ? data : new byte[0])),
                new Next.Delivered()));
      }
    }
    return outcomes;
  }

  private static AttemptDetail detail(byte[] body) {
    var headers =
        List.of(
            new Header("content-type", "application/json"),
            new Header("user-agent", "Posthorn/0.1.0"),
            new Header("webhook-id", "msg_0123456789abcdefghjkmnpqrs"),
            new Header("webhook-timestamp", "1767323045"),
            new Header("webhook-signature", "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4="));
    var answer = List.of(new Header("date", "Fri, 02 Jan 2026 03:04:05 GMT"));
    return new AttemptDetail(
        "203.0.113.7:443",
        List.of("key-1"),
        new Timings(100, 200, 300, 400, 1000),
        new Message(headers, body, false),
        new Message(answer, Samples.bytes("ok"), false),
        T0,
        0L);
  }

  /** Two tables with an integer key, nothing else: what JDBC, SQLite and the disk cost anyway. */
  private void bare(String name, int bytes) throws Exception {
    Path directory = Files.createTempDirectory(parent, "store-benchmark");
    try (Connection connection = SqliteConnector.open(directory.resolve("bare.db"), Use.WRITE);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate("CREATE TABLE a (seq INTEGER PRIMARY KEY, data BLOB)");
      statement.executeUpdate("CREATE TABLE b (seq INTEGER PRIMARY KEY, data BLOB)");
      var event = new SqlStatement(connection, "INSERT INTO a (data) VALUES (?)");
      var attempt = new SqlStatement(connection, "INSERT INTO b (data) VALUES (?)");
      var data = new byte[bytes - 100];
      var small = new byte[100];
      long used = 0;
      long begun = System.nanoTime();
      for (int round = 0; round < deliveries / BATCH; round++) {
        long start = cpuNanos();
        for (SqlStatement insert : List.of(event, attempt)) {
          statement.executeUpdate("BEGIN");
          for (int i = 0; i < BATCH; i++) {
            insert.update((Object) (insert == event ? data : small));
          }
          statement.executeUpdate("COMMIT");
        }
        if (round % 32 == 0) {
          statement.execute("PRAGMA wal_checkpoint = PASSIVE");
        }
        used += cpuNanos() - start;
      }
      double all = deliveries / BATCH * BATCH;
      print("SQLite, " + name, used / all / 1e3, 0, 0, all / ((System.nanoTime() - begun) / 1e9));
    } finally {
      delete(directory);
    }
  }

  /** The same through the driver and the server, a batch of rows a statement. */
  private void barePostgres(String name, int bytes) throws Exception {
    String database = server.create();
    server.execute(
        database, "CREATE TABLE a (seq BIGINT GENERATED ALWAYS AS IDENTITY, data BYTEA)");
    server.execute(
        database, "CREATE TABLE b (seq BIGINT GENERATED ALWAYS AS IDENTITY, data BYTEA)");
    var connector = new PostgresConnector(PostgresAddress.parse(server.url(database)));
    try (Connection connection = connector.connect(PostgresConnector.Use.WRITE)) {
      connection.setAutoCommit(false);
      var event = new RowInsert(connection, "INSERT INTO a (data) VALUES (?)", true);
      var attempt = new RowInsert(connection, "INSERT INTO b (data) VALUES (?)", true);
      var data = new byte[bytes - 100];
      random.nextBytes(data);
      var small = new byte[100];
      long used = 0;
      long serving = server.cpuNanos();
      long begun = System.nanoTime();
      for (int round = 0; round < deliveries / BATCH; round++) {
        long start = cpuNanos();
        for (RowInsert insert : List.of(event, attempt)) {
          for (int i = 0; i < BATCH; i++) {
            insert.add((Object) (insert == event ? data : small));
          }
          insert.flush();
          connection.commit();
        }
        used += cpuNanos() - start;
      }
      double all = deliveries / BATCH * BATCH;
      print(
          "PostgreSQL, " + name,
          used / all / 1e3,
          0,
          (server.cpuNanos() - serving) / all / 1e3,
          all / ((System.nanoTime() - begun) / 1e9));
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).forEach(StoreBenchmark::deleteOne);
    }
  }

  private static void deleteOne(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
