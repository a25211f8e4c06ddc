package dev.posthorn.dispatcher.store;

import static dev.posthorn.dispatcher.store.Samples.T0;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class PostgresDeliveryStoreTest extends DeliveryStoreContract {
  private static final Duration LEASE = Duration.ofSeconds(2);

  private final PostgresProcess server = PostgresProcess.shared();
  private final String database = server.create();

  @Override
  DeliveryStore open() {
    return server.open(database);
  }

  private static PostgresDeliveryStore.Options options(String url, int key) {
    return new PostgresDeliveryStore.Options(
        url, new SecretKeySpec(keyBytes(key), "AES"), String::length, "test-pod/1", LEASE, true);
  }

  private static byte[] keyBytes(int key) {
    var bytes = new byte[32];
    bytes[0] = (byte) key;
    return bytes;
  }

  private void assertRefused(PostgresDeliveryStore.Options options, String... parts) {
    assertThatThrownBy(() -> PostgresDeliveryStore.open(options))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(parts)
        .hasMessageNotContaining("secret");
  }

  @Test
  void aWrongKeyIsRefusedWithTheCure() {
    close();
    assertRefused(
        options(server.url(database), 1),
        "is not the one that the database " + database,
        "restore the key");
  }

  @Test
  void aNewerSchemaIsRefusedNamingIt() {
    close();
    server.execute(
        database,
        "INSERT INTO posthorn_schema (installed_rank, version, description, type, script, checksum,"
            + " installed_by, execution_time, success)"
            + " VALUES (2, '7', 'later', 'SQL', 'V7__later.sql', 1, 'postgres', 1, true)");
    assertRefused(options(server.url(database), 0), "has schema 7", "start the newer version");
  }

  @Test
  void tablesAreNotChangedUnderAProcessThatUsesThem() {
    server.execute(database, "UPDATE posthorn_schema SET version = '0.5' WHERE version = '1'");
    assertRefused(
        options(server.url(database), 0),
        "is in use by another Posthorn (test-pod/1)",
        "changes its tables: stop that one first");
    assertThat(server.query(database, "SELECT string_agg(version, ' ') FROM posthorn_schema"))
        .isEqualTo("0.5");
  }

  @Test
  void aForeignDatabaseIsRefused() {
    String foreign = server.create();
    server.execute(foreign, "CREATE TABLE theirs (id INTEGER)");
    assertRefused(options(server.url(foreign), 0), "holds tables of another program", "of its own");
    assertThat(server.query(foreign, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"))
        .isEqualTo("1");
  }

  @Test
  void aDatabaseThatIsNotThereIsRefused() {
    assertRefused(options(server.url("nowhere"), 0), "nowhere", "does not exist", "create it");
  }

  @Test
  void aUserWithoutRightsIsRefused() {
    String closed = server.create();
    server.execute(closed, "CREATE ROLE guest_" + closed + " LOGIN");
    assertRefused(
        options(server.url(closed).replace("//postgres:", "//guest_" + closed + ":"), 0),
        "does not let this user create tables",
        "GRANT CREATE");
  }

  @Test
  void aUserThatIsNotThereIsRefused() {
    assertRefused(
        options(server.url(database).replace("//postgres:", "//nobody:"), 0),
        "does not let this user in");
  }

  @Test
  void aStandbyIsRefused() {
    try (PostgresProcess standby = PostgresProcess.standby()) {
      assertRefused(
          options(standby.url("postgres"), 0), "is a standby", "give the address of the primary");
    }
  }

  @Test
  void anOldServerIsRefused() {
    PostgresAddress address = PostgresAddress.parse(server.url(database));
    PostgresSchema.checkVersion(address, 15);
    assertThatThrownBy(() -> PostgresSchema.checkVersion(address, 14))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("is PostgreSQL 14", "upgrade the server to 15");
  }

  @Test
  void noPasswordIsLogged() {
    Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    Level level = root.getLevel();
    var seen = new ListAppender<ILoggingEvent>();
    seen.start();
    root.addAppender(seen);
    root.setLevel(Level.TRACE);
    try (DeliveryStore other =
        PostgresDeliveryStore.open(options(server.url(server.create()), 0))) {
      assertThat(other.endpoints()).isEmpty();
    } finally {
      root.setLevel(level);
      root.detachAppender(seen);
    }
    assertThat(seen.list)
        .isNotEmpty()
        .noneMatch(event -> event.getFormattedMessage().contains("secret"))
        .noneMatch(event -> String.valueOf(event.getKeyValuePairs()).contains("secret"));
  }

  @Test
  void connectionsAreSetForAWriterThatMayDie() throws SQLException {
    var connector = new PostgresConnector(PostgresAddress.parse(server.url(database)));
    server.execute(database, "ALTER DATABASE " + database + " SET synchronous_commit = off");
    try (Connection connection = connector.connect(PostgresConnector.Use.WRITE)) {
      assertThat(setting(connection, "idle_in_transaction_session_timeout")).isEqualTo("5s");
      assertThat(setting(connection, "synchronous_commit")).isEqualTo("on");
      assertThat(setting(connection, "tcp_keepalives_idle")).isEqualTo("10");
      assertThat(setting(connection, "application_name")).isEqualTo("posthorn");
    }
    try (Connection connection = connector.connect(PostgresConnector.Use.READ);
        var statement = connection.createStatement()) {
      assertThatThrownBy(() -> statement.executeUpdate("DELETE FROM meta"))
          .hasMessageContaining("read-only");
    }
  }

  private static String setting(Connection connection, String name) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery("SHOW " + name)) {
      rows.next();
      return rows.getString(1);
    }
  }

  @Test
  void noStatementReadsAWholeTable() {
    close();
    String scans =
        "SELECT sum(seq_scan) FROM pg_stat_user_tables WHERE relname IN ('event', 'payload',"
            + " 'delivery', 'attempt', 'exchange', 'dead_letter', 'dedupe', 'rejected', 'audit')";
    String before = counted(scans);
    try (DeliveryStore store = open()) {
      useEverything(store);
    }
    assertThat(counted("SELECT sum(idx_scan) > 20 FROM pg_stat_user_tables")).isEqualTo("t");
    assertThat(counted(scans)).isEqualTo(before);
  }

  @Test
  void aPageOfALargeBacklogReadsNoMoreThanItsRows() {
    close();
    server.execute(
        database,
        "INSERT INTO delivery (endpoint, seq, accepted, n, due)"
            + " SELECT 1, i, 1, i % 2, CASE WHEN i % 2 = 1 THEN i END"
            + " FROM generate_series(1, 40000) AS i");
    long before = rowsRead();
    open().close();
    long opened = rowsRead();
    try (DeliveryStore store = open()) {
      for (int i = 0; i < 10; i++) {
        List<Page> pages =
            store.pages(
                List.of(
                    new PageRequest(1, Side.FRESH, 0, 10_000 + i, 0),
                    new PageRequest(1, Side.RETRY, 10_000 + i, 0, 0)));
        assertThat(pages).allMatch(page -> page.rows().size() == PageRequest.ROWS);
      }
    }
    long forPages = rowsRead() - opened - (opened - before);
    assertThat(forPages).isBetween(10L * 2 * PageRequest.ROWS, 10L * 4 * PageRequest.ROWS);
  }

  private long rowsRead() {
    return Long.parseLong(
        counted("SELECT sum(idx_tup_read) FROM pg_stat_user_indexes WHERE relname = 'delivery'"));
  }

  /** A connection adds what it did to the statistics when it ends, which takes a moment. */
  private String counted(String statistics) {
    String others =
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            + " AND application_name = 'posthorn'";
    await().until(() -> server.query(database, others).equals("0"));
    return server.query(database, statistics);
  }

  private static void useEverything(DeliveryStore store) {
    int endpoint = store.endpoints().getFirst().number();
    for (int i = 0; i < 20; i++) {
      var accept = new Write.Accept(List.of(Samples.keyed("acme", "" + i % 15, T0, endpoint)));
      var accepts = (Written.Accepts) store.write(List.of(accept)).getFirst();
      if (accepts.answers().getFirst() instanceof Accepted.Stored stored) {
        var key = new DeliveryKey(endpoint, stored.seq());
        store.write(
            List.of(
                new Write.Record(
                    Samples.failed(key, 1, T0, T0), new Next.Retry(T0, Samples.bytes("body"))),
                new Write.Record(Samples.dead(key, 2, T0), new Next.Dead())));
      }
      store.pages(
          List.of(
              new PageRequest(endpoint, Side.FRESH, -1, -1, 0),
              new PageRequest(endpoint, Side.RETRY, -1, -1, 0)));
    }
    var all = new DeliveryLog.Range(9, null, null, null);
    store.log().events("acme", all, null).items().forEach(store.log()::deliveries);
    var any = new DeliveryLog.AttemptFilter(null, null, null);
    store
        .log()
        .attempts("acme", all, any)
        .items()
        .forEach(logged -> store.log().attempt("acme", logged.id()));
    store.log().deadLetters("acme", all, null);
    store.log().rejected(all);
    store.log().audit("acme", all);
    store.write(List.of(new Write.Retain(T0.plus(Duration.ofDays(99)), Retention.DEFAULT, 500)));
  }

  @Test
  void aServerThatDoesNotAnswerIsUnavailable() {
    assertThatThrownBy(
            () -> PostgresDeliveryStore.open(options("postgres://u:secret@127.0.0.1:1/db", 0)))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContainingAll("db on 127.0.0.1:1", "check the server")
        .hasMessageNotContaining("secret");
  }

  @Test
  void anEventHasItsLaneAndItsWriter() {
    store().write(List.of(new Write.Accept(List.of(Samples.event("acme", T0)))));
    assertThat(server.query(database, "SELECT lane FROM event")).isEqualTo("4");
    assertThat(server.query(database, "SELECT count(*) FROM event JOIN node ON node.id = writer"))
        .isEqualTo("1");
  }
}
