package dev.posthorn.e2e.wrong;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.dispatcher.store.PostgresProcess;
import dev.posthorn.e2e.fixture.Ended;
import dev.posthorn.e2e.fixture.Manifests;
import dev.posthorn.e2e.fixture.PosthornProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database that cannot be used: exit code 2 and one line, which never holds the password. */
class WrongStoreIT {
  private static final String PASSWORD = "hunter2-of-the-test";

  private final PostgresProcess server = PostgresProcess.shared();
  private final String database = server.create();
  @TempDir private Path directory;
  private Manifests manifests;
  private Path data;

  @BeforeEach
  void write() throws IOException {
    manifests = Manifests.in(directory);
    data = directory.resolve("data");
  }

  private String url() {
    return url("postgres", database);
  }

  private String url(String user, String name) {
    return "postgres://%s:%s@127.0.0.1:%d/%s".formatted(user, PASSWORD, server.port(), name);
  }

  @Test
  void aStoreOfAKindThatIsNotKnown() throws Exception {
    assertThat(start("mysql://root:" + PASSWORD + "@127.0.0.1/db"))
        .contains("--store", "write sqlite, postgres://");
  }

  @Test
  void anAddressThatIsNone() throws Exception {
    assertThat(start("postgres://root:" + PASSWORD + "@:port"))
        .contains("is not of the form postgres://user:password@host:port/database");
  }

  @Test
  void aFileOfTheAddressThatIsNotThere() throws Exception {
    assertThat(start("@" + directory.resolve("nowhere")))
        .contains("--store", "nowhere does not exist");
  }

  @Test
  void aServerThatDoesNotAnswer() throws Exception {
    int port;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    assertThat(start("postgres://u:" + PASSWORD + "@127.0.0.1:" + port + "/hooks"))
        .contains("cannot use the database hooks on 127.0.0.1:" + port, "check the server");
  }

  @Test
  void aDatabaseThatDoesNotExist() throws Exception {
    assertThat(start(url("postgres", "nothing"))).contains("nothing on", "does not exist: create");
  }

  @Test
  void aWrongPassword() throws Exception {
    server.execute("postgres", "CREATE ROLE locked LOGIN PASSWORD 'another'");
    Path rules = Path.of(server.query("postgres", "SHOW hba_file"));
    String former = Files.readString(rules);
    Files.writeString(rules, "host all locked 127.0.0.1/32 scram-sha-256\n" + former);
    server.execute("postgres", "SELECT pg_reload_conf()");
    assertThat(start(url("locked", database)))
        .contains("does not let this user in: check user, password and pg_hba.conf");
  }

  @Test
  void aUserWhoMayNotCreateTables() throws Exception {
    server.execute("postgres", "CREATE ROLE reader LOGIN");
    assertThat(start(url("reader", database)))
        .contains("does not let this user create tables: GRANT CREATE ON SCHEMA public");
  }

  @Test
  void aStandby() throws Exception {
    try (var standby = PostgresProcess.standby()) {
      assertThat(start(standby.url("postgres")))
          .contains("is a standby: give the address of the primary");
    }
  }

  @Test
  void tablesOfAnotherProgram() throws Exception {
    server.execute(database, "CREATE TABLE orders (id int)");
    assertThat(start(url())).contains("holds tables of another program", "of its own");
  }

  @Test
  void aNewerSchema() throws Exception {
    ranOnce();
    server.execute(
        database,
        "INSERT INTO posthorn_schema SELECT 99, '99', description, type, script, checksum,"
            + " installed_by, installed_on, execution_time, success FROM posthorn_schema LIMIT 1");
    assertThat(start(url())).contains("has schema 99", "start the newer version");
  }

  @Test
  void aPayloadKeyThatWasLost() throws Exception {
    ranOnce();
    Files.delete(data.resolve("payload.key"));
    assertThat(start(url())).contains("payload.key is missing", "restore the key from a backup");
    assertThat(data.resolve("payload.key")).doesNotExist();
  }

  @Test
  void aPayloadKeyOfAnotherDatabase() throws Exception {
    ranOnce();
    Path other = directory.resolve("other.key");
    Files.writeString(other, Base64.getEncoder().encodeToString(new byte[32]));
    assertThat(start(url(), "--payload-key", other.toString()))
        .contains("the payload key is not the one that the database", "restore the key");
  }

  @Test
  void aPayloadKeyThatIsNone() throws Exception {
    Path short1 = Files.writeString(directory.resolve("short.key"), "c2hvcnQ=");
    assertThat(start(url(), "--payload-key", short1.toString()))
        .contains("short.key is not a key of 32 bytes in base64");
    assertThat(start("sqlite", "--payload-key", directory.resolve("gone.key").toString()))
        .contains("gone.key is missing", "head -c 32 /dev/urandom | base64");
  }

  private void ranOnce() throws Exception {
    Path file = Files.writeString(directory.resolve("database.url"), url() + "\n");
    try (var first = PosthornProcess.run(manifests.directory(), data, "--store", "@" + file)) {
      assertThat(first.stop()).isZero();
      assertThat(first.stdout() + first.stderr()).doesNotContain(PASSWORD);
    }
  }

  /** The only line of a start that fails. */
  private String start(String store, String... options) throws Exception {
    var arguments = new ArrayList<>(List.of("run", manifests.directory().toString()));
    arguments.addAll(List.of("--data", data.toString(), "--store", store));
    arguments.addAll(List.of("--listen", "127.0.0.1:0", "--management", "127.0.0.1:0"));
    arguments.addAll(List.of(options));
    Ended ended = Ended.of(directory, arguments.toArray(String[]::new));
    assertThat(ended.exitCode()).as(ended.err()).isEqualTo(2);
    assertThat(ended.errLines()).as(ended.err()).hasSize(1);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err()).doesNotContain(PASSWORD);
    return ended.errLines().getFirst();
  }
}
