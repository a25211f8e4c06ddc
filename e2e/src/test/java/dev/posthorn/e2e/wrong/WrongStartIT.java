package dev.posthorn.e2e.wrong;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.e2e.fixture.Ended;
import dev.posthorn.e2e.fixture.Manifests;
import dev.posthorn.e2e.fixture.PosthornProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A start that cannot work: exit code 2 and one line that says why and what to do. */
class WrongStartIT {
  @TempDir private Path directory;
  private Manifests manifests;
  private Path data;

  @BeforeEach
  void write() throws IOException {
    manifests = Manifests.in(directory);
    data = directory.resolve("data");
  }

  @Test
  void anUnknownOption() throws Exception {
    assertThat(start("--lisen", "127.0.0.1:0")).contains("--lisen", "--listen");
  }

  @Test
  void aTakenPort() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String where = "127.0.0.1:" + taken.getLocalPort();
      assertThat(start("--listen", where, "--management", "127.0.0.1:0"))
          .contains(where, "port is taken");
    }
  }

  @Test
  void aDataDirectoryInUse() throws Exception {
    try (var first = PosthornProcess.run(manifests.directory(), data)) {
      assertThat(start())
          .contains("--data " + data, "in use", Long.toString(first.pid()), "its own --data");
    }
  }

  @Test
  void aFileInPlaceOfTheDataDirectory() throws Exception {
    Files.createFile(data);
    assertThat(start()).contains("--data " + data, "not a directory");
  }

  @Test
  void aDataDirectoryWhereNothingCanBeWritten() throws Exception {
    data = Path.of("/proc/posthorn");
    assertThat(start()).contains("--data " + data, "cannot be written", "make it writable");
  }

  @Test
  void aNewerSchema() throws Exception {
    try (var first = PosthornProcess.run(manifests.directory(), data)) {
      assertThat(first.stop()).isZero();
    }
    try (var store = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("posthorn.db"));
        var statement = store.createStatement()) {
      statement.executeUpdate("UPDATE meta SET value = 99 WHERE name = 'schema'");
    }
    assertThat(start()).contains("posthorn.db has schema 99", "start the newer version");
  }

  @Test
  void noDirectoryOfManifests() throws Exception {
    manifests = new Manifests(directory.resolve("nowhere"));
    assertThat(start()).contains("nowhere does not exist");
  }

  /** The only line of a start that fails. */
  private String start(String... options) throws IOException, InterruptedException {
    var arguments = new ArrayList<>(List.of("run", manifests.directory().toString()));
    arguments.addAll(List.of("--data", data.toString()));
    arguments.addAll(
        options.length > 0
            ? List.of(options)
            : List.of("--listen", "127.0.0.1:0", "--management", "127.0.0.1:0"));
    Ended ended = Ended.of(directory, arguments.toArray(String[]::new));
    assertThat(ended.exitCode()).as(ended.err()).isEqualTo(2);
    assertThat(ended.errLines()).hasSize(1);
    assertThat(ended.out()).isEmpty();
    return ended.errLines().getFirst();
  }
}
