package dev.posthorn.dispatcher.store;

import static dev.posthorn.dispatcher.store.Samples.T0;
import static dev.posthorn.dispatcher.store.Samples.bytes;
import static dev.posthorn.dispatcher.store.Samples.register;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.posthorn.dispatcher.store.SqliteConnector.Use;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteDeliveryStoreTest extends DeliveryStoreContract {
  @TempDir Path directory;

  @Override
  DeliveryStore open() {
    return SqliteDeliveryStore.open(directory);
  }

  private Path database() {
    return directory.resolve(SqliteFile.NAME);
  }

  private static String pragma(Connection connection, String name) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery("PRAGMA " + name)) {
      rows.next();
      return rows.getString(1);
    }
  }

  @Test
  void everyCommitIsForcedToDiskAndCheckpointsAreOurs() throws SQLException {
    try (Connection connection = SqliteConnector.open(database(), Use.WRITE)) {
      assertThat(pragma(connection, "journal_mode")).isEqualTo("wal");
      assertThat(pragma(connection, "synchronous")).isEqualTo("2");
      assertThat(pragma(connection, "wal_autocheckpoint")).isEqualTo("0");
      assertThat(pragma(connection, "mmap_size")).isEqualTo("0");
      assertThat(pragma(connection, "journal_size_limit")).isEqualTo("67108864");
      assertThat(pragma(connection, "secure_delete")).isEqualTo("1");
    }
  }

  @Test
  void aReaderCannotWrite() throws SQLException {
    try (Connection connection = SqliteConnector.open(database(), Use.READ);
        var statement = connection.createStatement()) {
      assertThatThrownBy(() -> statement.executeUpdate("DELETE FROM meta"))
          .hasMessageContaining("readonly");
    }
  }

  @Test
  void noPayloadIsReadableInTheFiles() throws IOException {
    try (DeliveryStore store = SqliteDeliveryStore.open(directory.resolve("canary"))) {
      int endpoint = ((Written.Registered) one(store, register("e", "t"))).row().number();
      for (int i = 0; i < 3; i++) {
        var accepts =
            (Written.Accepts)
                one(store, new Write.Accept(List.of(Samples.event("t", T0, endpoint))));
        var key = new DeliveryKey(endpoint, ((Accepted.Stored) accepts.answers().getFirst()).seq());
        one(
            store,
            new Write.Record(
                Samples.failed(key, 1, T0, T0), new Next.Retry(T0, bytes("ca-na-ry body"))));
        if (i > 0) {
          one(store, new Write.Record(Samples.dead(key, 2, T0), new Next.Dead()));
        }
      }
      one(store, new Write.Reject(Samples.rejected("1-0", T0)));
      assertThat(canaries(directory.resolve("canary"))).isEmpty();
      assertThat(filesWith(directory.resolve("canary"), "order.created")).isNotEmpty();
    }
    assertThat(canaries(directory.resolve("canary"))).isEmpty();
  }

  private static Written one(DeliveryStore store, Write write) {
    return store.write(List.of(write)).getFirst();
  }

  private static List<Path> canaries(Path in) throws IOException {
    return filesWith(in, "ca-na-ry");
  }

  private static List<Path> filesWith(Path in, String text) throws IOException {
    try (Stream<Path> files = Files.list(in)) {
      return files.filter(Files::isRegularFile).filter(file -> contains(file, text)).toList();
    }
  }

  private static boolean contains(Path file, String text) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1).contains(text);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void databaseAndKeyAreTheOwnersAlone() throws IOException {
    for (Path file : List.of(database(), directory.resolve(PayloadKey.FILE))) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
    }
    assertThat(directory.resolve(PayloadKey.FILE + ".new")).doesNotExist();
  }

  @Test
  void aMissingKeyIsRefusedWithTheCure() throws IOException {
    close();
    Files.delete(directory.resolve(PayloadKey.FILE));
    assertRefused("payload.key is missing", "restore the key");
    assertThat(directory.resolve(PayloadKey.FILE)).doesNotExist();
  }

  @Test
  void aWrongKeyIsRefusedWithTheCure() throws IOException {
    close();
    Files.writeString(
        directory.resolve(PayloadKey.FILE),
        java.util.Base64.getEncoder().encodeToString(new byte[32]));
    assertRefused("is not the key that posthorn.db was encrypted with", "restore the key");
  }

  @Test
  void aKeyThatIsKeptElsewhereIsTheOnlyOne() throws IOException {
    Path key = directory.resolve("elsewhere.key");
    Path data = directory.resolve("without-key");
    Files.writeString(key, java.util.Base64.getEncoder().encodeToString(new byte[32]));
    SqliteDeliveryStore.open(data, key).close();
    SqliteDeliveryStore.open(data, key).close();
    assertThat(data.resolve(PayloadKey.FILE)).doesNotExist();
    var other = new byte[32];
    other[0] = 1;
    Files.writeString(key, java.util.Base64.getEncoder().encodeToString(other));
    assertThatThrownBy(() -> SqliteDeliveryStore.open(data, key))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(key + " is not the key that posthorn.db was encrypted with");
    Files.delete(key);
    assertThatThrownBy(() -> SqliteDeliveryStore.open(data, key))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(key + " is missing", "head -c 32 /dev/urandom | base64");
  }

  @Test
  void aKeyFileThatIsNoKeyIsRefused() throws IOException {
    close();
    Files.writeString(directory.resolve(PayloadKey.FILE), "short");
    assertRefused("is not a key of 32 bytes", "restore it");
  }

  @Test
  void aNewerSchemaIsRefusedNamingBothVersions() throws SQLException {
    execute("UPDATE meta SET value = 7 WHERE name = 'schema'");
    assertRefused("has schema 7", "knows schemas up to 1", "start the newer version");
  }

  @Test
  void aForeignDatabaseIsRefused() throws SQLException {
    execute("PRAGMA application_id = 1");
    assertRefused("is a database of another program", "use another data directory");
  }

  @Test
  void aDamagedFileIsRefused() throws IOException {
    close();
    Files.deleteIfExists(directory.resolve(SqliteFile.NAME + "-wal"));
    Files.writeString(database(), "this is no database, but a text that is long enough".repeat(99));
    assertRefused("is damaged or no database", "restore it from a backup");
  }

  private void execute(String sql) throws SQLException {
    close();
    try (Connection connection = SqliteConnector.open(database(), Use.WRITE);
        var statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    }
  }

  private void assertRefused(String... parts) {
    assertThatThrownBy(() -> SqliteDeliveryStore.open(directory))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(parts);
  }

  @Test
  void aNetworkFileSystemIsRefused() {
    for (String type : List.of("nfs4", "cifs", "fuse.sshfs", "9p", "SMB")) {
      assertThatThrownBy(() -> SqliteFile.refuseNetwork(directory, type))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContainingAll(type, "use a local disk");
    }
    SqliteFile.refuseNetwork(directory, "ext4");
  }

  @Test
  void anOldLibraryIsRefused() {
    SqliteFile.checkLibrary("3.51.3");
    SqliteFile.checkLibrary("3.54.1");
    assertThatThrownBy(() -> SqliteFile.checkLibrary("3.51.2")).hasMessageContaining("3.51.3");
  }
}
