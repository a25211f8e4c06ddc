package dev.posthorn.dispatcher.store;

import static dev.posthorn.dispatcher.store.Samples.T0;
import static dev.posthorn.dispatcher.store.Samples.bytes;
import static dev.posthorn.dispatcher.store.Samples.dead;
import static dev.posthorn.dispatcher.store.Samples.delivered;
import static dev.posthorn.dispatcher.store.Samples.failed;
import static dev.posthorn.dispatcher.store.Samples.keyed;
import static dev.posthorn.dispatcher.store.Samples.register;
import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.core.config.KeyDenial;
import dev.posthorn.core.config.OutcomeClass;
import dev.posthorn.dispatcher.store.EndpointRow.Health;
import dev.posthorn.dispatcher.store.SqliteConnector.Use;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process dies at every statement in turn; what a restart then finds is whole. */
class SqliteCrashTest {
  private static final Instant DUE = T0.plusSeconds(5);

  /** Every table but {@code meta}; sealed values by their length, since each has its own nonce. */
  private static final List<String> TABLES =
      List.of(
          "SELECT seq, id, tenant, accepted, targets FROM event ORDER BY 1",
          "SELECT seq, length(data) FROM payload ORDER BY 1",
          "SELECT endpoint, seq, n, due, length(body) FROM delivery ORDER BY 1, 2",
          "SELECT number, seq, endpoint, n, outcome, terminal FROM attempt ORDER BY 1",
          "SELECT number, length(data) FROM exchange ORDER BY 1",
          "SELECT endpoint, seq, outcome FROM dead_letter ORDER BY 1, 2",
          "SELECT seq, hash FROM dedupe ORDER BY 1",
          "SELECT number, name, state, tenant FROM endpoint ORDER BY 1",
          "SELECT number, name FROM tenant ORDER BY 1",
          "SELECT number, position FROM rejected ORDER BY 1");

  /** Each counts rows that must not be. */
  private static final List<String> BROKEN =
      List.of(
          "SELECT count(*) FROM delivery WHERE seq NOT IN (SELECT seq FROM payload)",
          "SELECT count(*) FROM delivery d JOIN attempt a USING (endpoint, seq) WHERE a.terminal",
          "SELECT count(*) FROM delivery d JOIN dead_letter l USING (endpoint, seq)",
          "SELECT count(*) FROM dead_letter l WHERE NOT EXISTS (SELECT 1 FROM attempt a"
              + " WHERE a.endpoint = l.endpoint AND a.seq = l.seq AND a.terminal)",
          "SELECT count(*) - count(DISTINCT endpoint || '/' || seq || '/' || n) FROM attempt",
          "SELECT count(*) FROM exchange WHERE number NOT IN (SELECT number FROM attempt)",
          "SELECT count(*) FROM dedupe WHERE seq NOT IN (SELECT seq FROM event)");

  @TempDir Path directory;

  private final List<List<Write>> script = script();
  private final List<List<String>> states = new ArrayList<>();

  private static List<List<Write>> script() {
    Instant old = T0.minus(Duration.ofDays(31));
    return List.of(
        List.of(register("a", "acme"), register("b", "acme")),
        List.of(
            new Write.Accept(
                List.of(keyed("acme", "old", old, 1, 2), keyed("acme", "1", T0, 1, 2))),
            new Write.Accept(List.of(keyed("acme", "1", T0, 1, 2), keyed("globex", "2", T0, 1))),
            new Write.Reject(Samples.rejected("1-0", T0))),
        List.of(
            record(failed(new DeliveryKey(1, 2), 1, T0, DUE), new Next.Retry(DUE, bytes("b"))),
            record(delivered(new DeliveryKey(2, 2), 1, T0), new Next.Delivered()),
            new Write.Health(
                1,
                new Health(EndpointState.FAILING, T0, T0, 1, OutcomeClass.HTTP_5XX, null, null))),
        List.of(
            record(dead(new DeliveryKey(1, 2), 2, T0), new Next.Dead()),
            new Write.Accept(List.of(keyed("acme", "3", T0, 2))),
            new Write.Accept(List.of(Samples.event("acme", T0, 1)), "ring/k_1/revoked"),
            new Write.Audit(
                new AuditEntry("acme", T0, "ops", "r-1", "keys.revoke", "SigningSecret/a", null),
                new KeyDenial("ring", "k_1", T0)),
            new Write.Retain(T0, Retention.DEFAULT, 10)));
  }

  private static Write.Record record(Attempt attempt, Next next) {
    return new Write.Record(attempt, next);
  }

  @BeforeEach
  void runWithoutFaults() throws Exception {
    Path whole = directory.resolve("whole");
    try (DeliveryStore store = SqliteDeliveryStore.open(whole)) {
      states.add(dump(whole));
      for (List<Write> writes : script) {
        store.write(writes);
        states.add(dump(whole));
      }
    }
    assertThat(states).doesNotHaveDuplicates();
  }

  private static List<String> dump(Path in) throws SQLException {
    var rows = new ArrayList<String>();
    try (Connection connection = SqliteConnector.open(in.resolve(SqliteFile.NAME), Use.READ);
        var statement = connection.createStatement()) {
      for (String query : BROKEN) {
        try (var result = statement.executeQuery(query)) {
          assertThat(result.getLong(1)).as(query).isZero();
        }
      }
      for (String query : TABLES) {
        try (var result = statement.executeQuery(query)) {
          while (result.next()) {
            var row = new StringBuilder(query.replaceAll(".*FROM (\\w+).*", "$1"));
            for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
              row.append(' ').append(text(result.getBytes(i)));
            }
            rows.add(row.toString());
          }
        }
      }
    }
    return rows;
  }

  private static String text(byte[] value) {
    return value == null ? "-" : java.util.HexFormat.of().formatHex(value);
  }

  /** Runs the script until the fault; returns how many writes were acknowledged. */
  private int run(DeliveryStore store) {
    int acknowledged = 0;
    for (List<Write> writes : script) {
      try {
        store.write(writes);
      } catch (IllegalStateException died) {
        return acknowledged;
      }
      acknowledged++;
    }
    return acknowledged;
  }

  @Test
  void deathBeforeAnyStatementLeavesWhatWasAcknowledgedAndNothingElse() throws Exception {
    int statement = 0;
    boolean died = true;
    while (died) {
      statement++;
      Path live = directory.resolve("live-" + statement);
      Path found = directory.resolve("found-" + statement);
      try (var connector = new FaultyConnector();
          DeliveryStore store = SqliteDeliveryStore.open(live, connector)) {
        var left = new AtomicInteger(statement);
        connector.arm(
            new FaultyConnector.Fault() {
              @Override
              public void before(String sql) throws SQLException {
                if (left.decrementAndGet() == 0) {
                  throw connector.crash();
                }
              }
            });
        int acknowledged = run(store);
        died = acknowledged < script.size();
        copy(live, found);
        try (DeliveryStore restarted = SqliteDeliveryStore.open(found)) {
          assertThat(dump(found)).as("statement " + statement).isEqualTo(states.get(acknowledged));
          script.subList(acknowledged, script.size()).forEach(restarted::write);
          assertThat(dump(found)).as("statement " + statement).isEqualTo(states.getLast());
        }
      }
    }
    assertThat(statement).isGreaterThan(60);
  }

  @Test
  void deathAfterACommitThatNobodyHeardOfLeavesItWholeAndRepeatable() throws Exception {
    for (int commit = 1; commit <= script.size(); commit++) {
      Path live = directory.resolve("live-" + commit);
      Path found = directory.resolve("found-" + commit);
      try (var connector = new FaultyConnector();
          DeliveryStore store = SqliteDeliveryStore.open(live, connector)) {
        var left = new AtomicInteger(commit);
        connector.arm(
            new FaultyConnector.Fault() {
              @Override
              public void after(String sql) throws SQLException {
                if (sql.equals("COMMIT") && left.decrementAndGet() == 0) {
                  throw connector.crash();
                }
              }
            });
        assertThat(run(store)).isEqualTo(commit - 1);
        copy(live, found);
        try (DeliveryStore restarted = SqliteDeliveryStore.open(found)) {
          assertThat(dump(found)).isEqualTo(states.get(commit));
          restarted.write(script.get(commit - 1));
          assertThat(dump(found)).isEqualTo(states.get(commit));
        }
      }
    }
  }

  /** What a restart finds: the files as they are, without the memory of the dead process. */
  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.filter(SqliteCrashTest::survives).toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }

  private static boolean survives(Path file) {
    String name = file.getFileName().toString();
    return name.equals(SqliteFile.NAME)
        || name.equals(SqliteFile.NAME + "-wal")
        || name.equals(PayloadKey.FILE);
  }
}
