package dev.posthorn.dispatcher.store;

import dev.posthorn.dispatcher.store.Sealer.Purpose;
import dev.posthorn.dispatcher.store.SqliteConnector.Use;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import javax.crypto.AEADBadTagException;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;

/**
 * The database file in its directory: whether it may be used, its schema, its payload key.
 *
 * @param path the file
 * @param payloadKey wraps the tenants' data keys
 */
record SqliteFile(Path path, SecretKey payloadKey, SqliteConnector connector) implements Database {
  /** Its name in the data directory. */
  static final String NAME = "posthorn.db";

  /** The newest schema that this version knows; the resources {@code sqlite-N.sql} lead there. */
  private static final int SCHEMA = 1;

  /** Marks the file as ours (sqlite.org/fileformat.html, offset 68): "Post". */
  private static final int APPLICATION = 0x506f7374;

  /** Before it, two connections that checkpoint could damage the log (sqlite.org/changes.html). */
  private static final int[] OLDEST_LIBRARY = {3, 51, 3};

  /** File systems whose locks SQLite cannot trust (sqlite.org/faq.html#q5). */
  private static final Set<String> NETWORK =
      Set.of(
          "nfs",
          "nfs4",
          "cifs",
          "smb",
          "smb2",
          "smb3",
          "smbfs",
          "9p",
          "afs",
          "ceph",
          "lustre",
          "glusterfs",
          "fuse.sshfs",
          "fuse.glusterfs",
          "fuse.ceph",
          "fuse.s3fs",
          "fuse.rclone",
          "davfs",
          "ncpfs",
          "ocfs2",
          "gfs2");

  /** The open file and its size may not be read by others than its owner. */
  private static final String MODE = "rw-------";

  /**
   * Opens or makes the database in {@code directory}.
   *
   * @param givenKey the file of its key; null where that is beside it
   * @throws IllegalArgumentException where it cannot be used as it is; the message says the cure
   * @throws StoreUnavailableException where the disk is full or fails
   */
  static SqliteFile open(
      Path directory, @Nullable Path givenKey, SqliteConnector connector, SecureRandom random) {
    Path path = directory.resolve(NAME).toAbsolutePath();
    prepare(directory, path);
    try (Connection connection = connector.connect(path, Use.WRITE);
        Statement statement = connection.createStatement()) {
      checkLibrary(text(statement, "SELECT sqlite_version()"));
      checkOwner(path, statement);
      migrate(path, connection, statement);
      SecretKey key = payloadKey(directory, givenKey, connection, random);
      return new SqliteFile(path, key, connector);
    } catch (SQLException e) {
      throw refusal(path, e);
    }
  }

  @Override
  public Connection writer() throws SQLException {
    return connector.connect(path, Use.WRITE);
  }

  @Override
  public Connection reader() throws SQLException {
    return connector.connect(path, Use.READ);
  }

  @Override
  public Dialect dialect(Connection writer) throws SQLException {
    return new SqliteDialect(writer);
  }

  @Override
  public long bytes() {
    return size(path) + size(path.resolveSibling(NAME + "-wal"));
  }

  private static long size(Path file) {
    try {
      return Files.exists(file) ? Files.size(file) : 0;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the size of " + file, e);
    }
  }

  @Override
  public RuntimeException failure(SQLException error, boolean committing) {
    return SqliteErrors.translate(path, error, committing);
  }

  /** There is nothing between the process and the file. */
  @Override
  public boolean cut(SQLException error) {
    return false;
  }

  @Override
  public void close() {
    // Nothing is open between connections.
  }

  private static void prepare(Path directory, Path path) {
    try {
      Files.createDirectories(directory);
      refuseNetwork(directory, Files.getFileStore(directory).type());
      if (!Files.exists(path)) {
        Files.createFile(
            path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(MODE)));
      }
      deleteLibraries(directory);
      // The native library is unpacked beside the data: the root file system may be read-only.
      if (System.getProperty("org.sqlite.tmpdir") == null) {
        System.setProperty("org.sqlite.tmpdir", directory.toAbsolutePath().toString());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot use the data directory " + directory + ": " + e.getMessage(), e);
    }
  }

  /** A killed process leaves its copy of the native library, some megabytes each time. */
  private static void deleteLibraries(Path directory) throws IOException {
    try (var left = Files.newDirectoryStream(directory, "sqlite-*-*sqlitejdbc*")) {
      for (Path library : left) {
        Files.delete(library);
      }
    }
  }

  static void refuseNetwork(Path directory, String type) {
    if (NETWORK.contains(type.toLowerCase(Locale.ROOT))) {
      throw new IllegalArgumentException(
          "the data directory "
              + directory
              + " is on a network file system ("
              + type
              + "), where SQLite can lose data: use a local disk, or PostgreSQL");
    }
  }

  static void checkLibrary(String version) {
    int[] parts = Arrays.stream(version.split("\\.")).mapToInt(Integer::parseInt).toArray();
    if (Arrays.compare(parts, OLDEST_LIBRARY) < 0) {
      throw new IllegalStateException(
          "SQLite " + version + " can damage its log; at least 3.51.3 is needed: update the jar");
    }
  }

  private static void checkOwner(Path path, Statement statement) throws SQLException {
    long application = number(statement, "PRAGMA application_id");
    if (application != APPLICATION
        && (application != 0 || number(statement, "SELECT count(*) FROM sqlite_schema") > 0)) {
      throw new IllegalArgumentException(
          path + " is a database of another program: use another data directory");
    }
  }

  private static void migrate(Path path, Connection connection, Statement statement)
      throws SQLException {
    boolean empty = number(statement, "SELECT count(*) FROM sqlite_schema") == 0;
    long present = empty ? 0 : number(statement, "SELECT value FROM meta WHERE name = 'schema'");
    if (present > SCHEMA) {
      throw new IllegalArgumentException(
          path
              + " has schema "
              + present
              + ", and this version of Posthorn knows schemas up to "
              + SCHEMA
              + ": start the newer version that wrote it, or restore a backup from before the"
              + " upgrade");
    }
    for (long version = present + 1; version <= SCHEMA; version++) {
      statement.executeUpdate("BEGIN IMMEDIATE");
      statement.executeUpdate(script("sqlite-" + version + ".sql"));
      statement.executeUpdate("PRAGMA application_id = " + APPLICATION);
      new SqlStatement(connection, "REPLACE INTO meta (name, value) VALUES ('schema', ?)")
          .update(version);
      statement.executeUpdate("COMMIT");
    }
  }

  private static String script(String name) {
    try (InputStream script = SqliteFile.class.getResourceAsStream(name)) {
      if (script == null) {
        throw new IllegalStateException("the program has no " + name);
      }
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + name + " in the program", e);
    }
  }

  /** A value sealed with the key tells a wrong key before anything is written under it. */
  private static SecretKey payloadKey(
      Path directory, @Nullable Path given, Connection connection, SecureRandom random)
      throws SQLException {
    var sealer = new Sealer(random);
    byte[] check =
        new SqlStatement(connection, "SELECT value FROM meta WHERE name = 'payload_key'")
            .first(row -> row.getBytes(1));
    SecretKey key =
        given == null
            ? PayloadKey.in(directory, () -> check != null, random)
            : PayloadKey.given(given);
    if (check == null) {
      new SqlStatement(connection, "INSERT INTO meta (name, value) VALUES ('payload_key', ?)")
          .update((Object) sealer.seal(key, Purpose.CHECK, 0, 0, new byte[0]));
      return key;
    }
    try {
      sealer.open(key, Purpose.CHECK, 0, 0, check);
      return key;
    } catch (AEADBadTagException e) {
      throw new IllegalArgumentException(
          (given == null ? directory.resolve(PayloadKey.FILE) : given)
              + " is not the key that "
              + NAME
              + " was encrypted with: restore the key that belongs to it",
          e);
    }
  }

  private static RuntimeException refusal(Path path, SQLException error) {
    int code = SqliteErrors.primary(error);
    if (code == SQLiteErrorCode.SQLITE_NOTADB.code || code == SQLiteErrorCode.SQLITE_CORRUPT.code) {
      return new IllegalArgumentException(
          path
              + " is damaged or no database ("
              + error.getMessage()
              + "): restore it from a backup, or move it away to start empty",
          error);
    }
    return SqliteErrors.translate(path, error, false);
  }

  private static long number(Statement statement, String sql) throws SQLException {
    try (var rows = statement.executeQuery(sql)) {
      return rows.next() ? rows.getLong(1) : 0;
    }
  }

  private static String text(Statement statement, String sql) throws SQLException {
    try (var rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
