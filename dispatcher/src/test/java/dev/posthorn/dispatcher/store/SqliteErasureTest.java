package dev.posthorn.dispatcher.store;

import static dev.posthorn.dispatcher.store.Samples.T0;
import static dev.posthorn.dispatcher.store.Samples.event;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.dispatcher.store.SqliteConnector.Use;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An erasure as the files of the database show it. */
class SqliteErasureTest extends ErasureContract {
  @TempDir Path directory;

  @Override
  DeliveryStore open() {
    return SqliteDeliveryStore.open(directory);
  }

  private static String files(Path in) throws IOException {
    var all = new StringBuilder();
    try (Stream<Path> files = Files.list(in)) {
      for (Path file : files.filter(each -> name(each).startsWith(SqliteFile.NAME)).toList()) {
        all.append(Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
    return all.toString();
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }

  private byte[] sealedKeyOf(String tenant) throws SQLException {
    try (Connection connection =
        SqliteConnector.open(directory.resolve(SqliteFile.NAME), Use.READ)) {
      return requireNonNull(
          new SqlStatement(connection, "SELECT data_key FROM tenant WHERE name = ?")
              .first(row -> row.getBytes(1), tenant));
    }
  }

  /** Other tenants come and go around it, rows move between pages, and keys are made anew. */
  @Test
  void itsKeyIsLeftInNoFile() throws Exception {
    crowd();
    String key = new String(sealedKeyOf("acme"), StandardCharsets.ISO_8859_1);
    assertThat(files(directory)).contains(key);
    begin("globex");
    finish(20);
    begin("acme");
    finish(20);
    assertThat(files(directory)).doesNotContain(key);
    assertThat(directory.resolve(SqliteFile.NAME + "-wal")).exists();
    stored(event("acme", "type-of-new", null, T0, a));
    assertThat(sealedKeyOf("acme"))
        .hasSameSizeAs(key.getBytes(StandardCharsets.ISO_8859_1))
        .matches(fresh -> !Sealer.isDestroyed(fresh));
    assertThat(files(directory)).doesNotContain(key);
  }

  private void crowd() {
    var random = new Random(1);
    for (int batch = 0; batch < 50; batch++) {
      var events = new ArrayList<NewEvent>();
      for (int i = 0; i < 40; i++) {
        int tenant = random.nextInt(3);
        String name = List.of("acme", "globex", "umbrella").get(tenant);
        String id = "id-" + batch + "-" + i;
        events.add(event(name, "type-of-" + name, id, T0, tenant == 0 ? a : other));
      }
      write(new Write.Accept(events));
    }
  }

  /** A copy may stay where SQLite moved a row before it was deleted, but no page of them. */
  @Test
  void whatIsInTheClearIsOverwritten() throws Exception {
    crowd();
    assertThat(occurrences("type-of-acme")).isGreaterThan(600);
    begin("acme");
    finish(100);
    assertThat(occurrences("type-of-acme")).isLessThan(6);
    assertThat(occurrences("type-of-umbrella")).isGreaterThan(600);
  }

  private int occurrences(String text) throws IOException {
    return files(directory).split(text, -1).length - 1;
  }

  @Test
  void whatAProducerSaysIsNeverInTheClear() throws Exception {
    history("acme", a);
    assertThat(files(directory)).doesNotContain("ca-na-ry", "order/1", "/shop", "region");
  }

  @Test
  void aReaderInTheWayDelaysTheEndAndNobodyElse() throws Exception {
    history("acme", a);
    try (Connection reader = SqliteConnector.open(directory.resolve(SqliteFile.NAME), Use.READ);
        var statement = reader.createStatement()) {
      statement.execute("BEGIN");
      statement.executeQuery("SELECT * FROM event").next();
      begin("acme");
      for (int i = 0; i < 5; i++) {
        var sliced = (Written.Sliced) write(new Write.EraseSlice(T0, 500));
        long start = System.nanoTime();
        store.maintain(false);
        assertThat(System.nanoTime() - start).isLessThan(1_000_000_000L);
        assertThat(sliced.completed()).isNull();
        stored(event("globex", T0, other));
      }
    }
    assertThat(finish(500).deleted(ErasedKind.EVENTS)).isEqualTo(4);
  }

  /** Rows by table and tenant; of tables without a tenant in all. */
  private static Map<String, Long> rows(Path in) throws SQLException {
    var rows = new TreeMap<String, Long>();
    try (Connection connection = SqliteConnector.open(in.resolve(SqliteFile.NAME), Use.READ)) {
      for (String table : List.of("payload", "dedupe", "delivery", "attempt", "dead_letter")) {
        String join = " x JOIN event e USING (seq) JOIN tenant t ON t.number = e.tenant";
        count(connection, rows, table, table + join);
        rows.merge(table, -rows.getOrDefault(table, 0L) + all(connection, table), Long::sum);
      }
      String ofEvent = " x JOIN tenant t ON t.number = x.tenant";
      count(connection, rows, "event", "event" + ofEvent);
      count(connection, rows, "notice", "notice" + ofEvent);
      rows.put("exchange", all(connection, "exchange"));
      rows.put("rejected", all(connection, "rejected"));
    }
    return rows;
  }

  private static void count(
      Connection connection, Map<String, Long> rows, String table, String from)
      throws SQLException {
    new SqlStatement(connection, "SELECT t.name, count(*) FROM " + from + " GROUP BY t.name")
        .list(row -> rows.put(table + " of " + row.getString(1), row.getLong(2)));
  }

  private static long all(Connection connection, String table) throws SQLException {
    return new SqlStatement(connection, "SELECT count(*) FROM " + table).number(0);
  }

  @Test
  void noTableHasARowOfTheTenantAndEachHasAllOfAnother() throws Exception {
    history("globex", other);
    Map<String, Long> before = rows(directory);
    history("acme", a);
    write(new Write.Reject(rejected("acme/orders", "1-0")));
    assertThat(rows(directory)).isNotEqualTo(before);
    begin("acme");
    finish(500);
    assertThat(rows(directory)).isEqualTo(before).containsEntry("event of globex", 4L);
  }

  @Test
  void deathBeforeAnyStatementIsFollowedByTheRest() throws Exception {
    history("globex", other);
    history("acme", a);
    store.close();
    Map<String, Long> whole = rows(directory);
    boolean died = true;
    int statement = 0;
    while (died) {
      statement++;
      died = dieAt(statement, whole);
    }
    assertThat(statement).isGreaterThan(30);
    store = open();
  }

  private boolean dieAt(int statement, Map<String, Long> whole) throws Exception {
    Path live = directory.resolve("live-" + statement);
    Path found = directory.resolve("found-" + statement);
    copy(directory, live);
    boolean died;
    var begun = new ArrayList<Erasure>();
    try (var connector = new FaultyConnector();
        DeliveryStore dying = SqliteDeliveryStore.open(live, connector)) {
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
      died = erase(dying, begun);
      copy(live, found);
    }
    store = SqliteDeliveryStore.open(found);
    if (begun.isEmpty()) {
      assertThat(store.erasing()).isEmpty();
      assertThat(rows(found)).isEqualTo(whole);
      begin("acme");
    }
    Erasure erasure =
        store.erasing().isEmpty() ? store.log().erasure("acme").orElseThrow() : finish(3);
    assertThat(erasure.completed()).isNotNull();
    assertThat(erasure.deleted(ErasedKind.EVENTS)).isEqualTo(4);
    assertThat(erasure.deleted(ErasedKind.DELIVERIES)).isEqualTo(2);
    assertThat(rows(found).keySet()).noneMatch(each -> each.endsWith("of acme"));
    assertThat(rows(found)).containsEntry("delivery of globex", 2L);
    store.close();
    return died;
  }

  private boolean erase(DeliveryStore dying, List<Erasure> begun) {
    try {
      var answer = (Written.Begun) dying.write(List.of(erase("acme"))).getFirst();
      begun.add(requireNonNull(answer.erasure()));
      Written.Sliced last;
      do {
        last = (Written.Sliced) dying.write(List.of(new Write.EraseSlice(T0, 3))).getFirst();
        dying.maintain(false);
      } while (last.completed() == null);
      return false;
    } catch (IllegalStateException dead) {
      return true;
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.filter(SqliteErasureTest::survives).toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }

  private static boolean survives(Path file) {
    return List.of(SqliteFile.NAME, SqliteFile.NAME + "-wal", PayloadKey.FILE).contains(name(file));
  }
}
