package dev.posthorn.dispatcher.store;

import static dev.posthorn.dispatcher.store.Samples.T0;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PostgresDeliveryStoreTest extends DeliveryStoreContract {
  private static final Duration LEASE = Duration.ofSeconds(2);

  private static PostgresProcess server;

  private final String database = server.create();

  @BeforeAll
  static void server() {
    server = PostgresProcess.shared();
  }

  @Override
  DeliveryStore open() {
    return PostgresDeliveryStore.open(options(server.url(database), 0));
  }

  private static PostgresDeliveryStore.Options options(String url, int key) {
    return new PostgresDeliveryStore.Options(
        url, new SecretKeySpec(keyBytes(key), "AES"), String::length, "test-pod/1", LEASE);
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

  @Test
  void aNodeHasAllLanesAndGivesThemBack() {
    String mine =
        "SELECT count(*) FROM lane JOIN node ON node.id = lane.node WHERE name = 'test-pod/1'";
    assertThat(server.query(database, mine)).isEqualTo("64");
    close();
    assertThat(server.query(database, "SELECT count(*) FROM node")).isEqualTo("0");
    assertThat(server.query(database, "SELECT count(*) FROM lane WHERE node IS NULL"))
        .isEqualTo("64");
  }
}
