package dev.posthorn.dispatcher.store;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL server of this machine's packages on a free port, with its data in a temporary
 * directory. It refuses to run as root: then it runs as another user.
 */
public final class PostgresProcess implements AutoCloseable {
  private static final Path PACKAGES = Path.of("/usr/lib/postgresql");

  private static final boolean ROOT = "root".equals(System.getProperty("user.name"));

  private static @Nullable PostgresProcess shared;
  private static @Nullable PostgresProcess durable;

  private final AtomicInteger databases = new AtomicInteger();
  private final Path binaries;
  private final Path data;
  private final int port;
  private final List<String> settings;
  private @Nullable Process server;

  private PostgresProcess(Path binaries, List<String> settings) throws IOException {
    this.binaries = binaries;
    this.settings = settings;
    data = Files.createTempDirectory("posthorn-postgres");
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
  }

  /** The one for all tests of this JVM that only want answers: it keeps nothing on disk. */
  public static synchronized PostgresProcess shared() {
    if (shared == null) {
      shared = start(List.of("fsync=off", "full_page_writes=off"));
    }
    return shared;
  }

  /** One that keeps what it has committed, for all tests of this JVM that have it die. */
  public static synchronized PostgresProcess durable() {
    // Not every file once more after a kill: the machine has not lost any.
    if (durable == null) {
      durable = start(List.of("recovery_init_sync_method=syncfs"));
    }
    return durable;
  }

  /** One that follows no primary, but would. */
  public static PostgresProcess standby() {
    PostgresProcess process = make(List.of());
    try {
      Files.createFile(process.data.resolve("standby.signal"));
      process.start();
      return process;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One that encrypts, for who asks for it. */
  public static PostgresProcess encrypted(String certificate, String key) {
    PostgresProcess process = make(List.of("ssl=on"));
    try {
      process.give("server.crt", certificate);
      process.give("server.key", key);
      process.start();
      return process;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A file that its user alone reads. */
  private void give(String name, String content) throws IOException {
    Path file = Files.writeString(data.resolve(name), content);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    if (ROOT) {
      run(List.of("chown", user(), file.toString()));
    }
  }

  private static PostgresProcess start(List<String> settings) {
    PostgresProcess process = make(settings);
    try {
      process.start();
      return process;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static PostgresProcess make(List<String> settings) {
    Optional<Path> binaries = installed();
    assumeTrue(binaries.isPresent(), "PostgreSQL is not installed: its store was not tested");
    try {
      var process = new PostgresProcess(binaries.orElseThrow(), settings);
      Runtime.getRuntime().addShutdownHook(new Thread(process::close));
      if (ROOT) {
        run(List.of("chown", user(), process.data.toString()));
      }
      run(process.command("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"));
      return process;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<Path> installed() {
    if (!Files.isDirectory(PACKAGES)) {
      return Optional.empty();
    }
    try (Stream<Path> versions = Files.list(PACKAGES)) {
      return versions
          .map(version -> version.resolve("bin"))
          .filter(bin -> Files.isExecutable(bin.resolve("postgres")))
          .max(Comparator.naturalOrder());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String user() {
    return "postgres";
  }

  private List<String> command(String program, String... arguments) {
    var command = new ArrayList<String>();
    if (ROOT) {
      command.addAll(
          List.of(
              "setpriv",
              "--reuid=" + user(),
              "--regid=" + user(),
              "--clear-groups",
              "--pdeathsig=KILL"));
    }
    command.add(binaries.resolve(program).toString());
    command.addAll(List.of("-D", data.toString()));
    command.addAll(List.of(arguments));
    return command;
  }

  private static void run(List<String> command) throws IOException {
    Process process =
        new ProcessBuilder(command)
            .directory(new java.io.File("/"))
            .redirectErrorStream(true)
            .start();
    String output =
        new String(
            process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException(String.join(" ", command) + ": " + output);
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Starts the server, again after {@link #kill}; returns when it answers. */
  public void start() throws IOException {
    List<String> command =
        command("postgres", "-p", Integer.toString(port), "-h", "127.0.0.1", "-k", "");
    for (String setting : settings) {
      command.addAll(List.of("-c", setting));
    }
    Process started =
        new ProcessBuilder(command)
            .directory(new java.io.File("/"))
            .redirectErrorStream(true)
            .redirectOutput(
                ProcessBuilder.Redirect.appendTo(
                    data.resolveSibling(data.getFileName() + ".log").toFile()))
            .start();
    server = started;
    for (int left = 2000; ; left--) {
      try (Connection _ = connect("postgres")) {
        return;
      } catch (SQLException e) {
        if (left == 0 || !started.isAlive()) {
          throw new IOException("the server does not answer", e);
        }
      }
      pause();
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(10);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** SIGKILL for the server and all its processes, as when the machine goes. */
  public void kill() {
    Process killed = server;
    if (killed != null) {
      List<ProcessHandle> children = killed.descendants().toList();
      killed.destroyForcibly();
      children.forEach(ProcessHandle::destroyForcibly);
      server = null;
      while (!Stream.concat(Stream.of(killed.toHandle()), children.stream())
          .allMatch(PostgresProcess::ended)) {
        pause();
      }
    }
  }

  /** Also where whoever should look after the dead does not. */
  private static boolean ended(ProcessHandle process) {
    try {
      String status = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
      return status.substring(status.lastIndexOf(')')).startsWith(") Z");
    } catch (IOException e) {
      return true;
    }
  }

  /** Where it listens, on this machine. */
  public int port() {
    return port;
  }

  /** Where its files are. */
  public Path data() {
    return data;
  }

  /** A new database; returns its name. */
  public String create() {
    String name = "test" + databases.incrementAndGet();
    execute("postgres", "CREATE DATABASE " + name);
    return name;
  }

  /** The address of a database, as Posthorn takes it. */
  public String url(String database) {
    return "postgres://postgres:secret@127.0.0.1:" + port + "/" + database;
  }

  /** Opens a store in a database; its lease is short. */
  PostgresDeliveryStore open(String database) {
    return PostgresDeliveryStore.open(
        new PostgresDeliveryStore.Options(
            url(database),
            new SecretKeySpec(new byte[32], "AES"),
            String::length,
            "test-pod/1",
            Duration.ofSeconds(2),
            true));
  }

  /** A connection of its superuser. */
  public Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port + "/" + database + "?user=postgres");
  }

  /** Runs a statement as its superuser. */
  public void execute(String database, String sql) {
    try (Connection connection = connect(database);
        var statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  /** The first column of the first row, as text. */
  public String query(String database, String sql) {
    try (Connection connection = connect(database);
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  /** CPU time of all its processes that live, in nanoseconds. */
  public long cpuNanos() {
    Process running = server;
    return running == null
        ? 0
        : Stream.concat(Stream.of(running.toHandle()), running.descendants())
            .mapToLong(
                process -> process.info().totalCpuDuration().map(Duration::toNanos).orElse(0L))
            .sum();
  }

  /** Files of many databases go slowly: that is left to a process which the JVM need not await. */
  @Override
  public void close() {
    kill();
    try {
      new ProcessBuilder("rm", "-rf", data.toString(), data + ".log")
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
