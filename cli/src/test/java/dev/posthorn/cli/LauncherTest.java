package dev.posthorn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher, copied beside a fake program, with fake JDKs that say who they are. */
final class LauncherTest {
  @TempDir private Path dir;
  private Path root;
  private Path launcher;

  private record Run(int exitCode, String out, String err) {}

  @BeforeEach
  void copy() throws IOException {
    root = Files.createDirectories(dir.resolve("a checkout with spaces"));
    String text = Files.readString(Path.of("..", "posthorn").toRealPath());
    launcher = root.resolve("posthorn");
    executable(
        launcher,
        text.replace("/usr/lib/jvm/", dir.resolve("jvm") + "/").replace("/opt/", "/gone/"));
    Files.createDirectories(root.resolve("cli/target"));
    Files.writeString(root.resolve("cli/target/posthorn.jar"), "a program");
  }

  @Test
  void javaHomeComesFirst() throws Exception {
    jdk("mine", "25.0.1");
    jdk("jvm/temurin-25-jdk", "25");

    assertThat(run(Map.of("JAVA_HOME", dir.resolve("mine").toString())).out())
        .startsWith("mine ")
        .contains("-jar " + root.toRealPath() + "/cli/target/posthorn.jar one two words");
  }

  @Test
  void aJavaHomeOfAnotherVersionIsPassedOver() throws Exception {
    jdk("mine", "17.0.2");
    jdk("jvm/temurin-25-jdk", "25.0.3");

    assertThat(run(Map.of("JAVA_HOME", dir.resolve("mine").toString())).out())
        .startsWith("temurin-25-jdk ");
  }

  @Test
  void theJavaOnThePathIsFoundThroughItsLink() throws Exception {
    jdk("elsewhere", "25.0.1");
    Files.createSymbolicLink(
        Files.createDirectories(dir.resolve("path")).resolve("java"),
        dir.resolve("elsewhere/bin/java"));

    assertThat(run(Map.of()).out()).startsWith("elsewhere ");
  }

  @Test
  void aJdkOfSdkmanIsFoundInTheHomeDirectory() throws Exception {
    jdk("home/.sdkman/candidates/java/25.0.1-tem", "25.0.1");

    assertThat(run(Map.of()).out()).startsWith("25.0.1-tem ");
  }

  @Test
  void withoutAnyOneLineSaysWhatToInstall() throws Exception {
    jdk("jvm/java-250-openjdk", "250");

    Run run = run(Map.of());

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err().strip()).contains("Install a JDK 25").doesNotContain("\n");
  }

  @Test
  void throughALinkFromAnotherDirectoryItFindsItsProgram() throws Exception {
    jdk("jvm/jdk-25", "25.0.1");
    Path link = Files.createSymbolicLink(dir.resolve("link"), launcher);
    launcher = link;

    assertThat(run(Map.of()).out()).contains("-jar " + root.toRealPath() + "/cli/target");
  }

  @Test
  void optionsForJavaAreSplitAndComeBeforeTheProgram() throws Exception {
    jdk("jvm/jdk-25", "25.0.1");

    assertThat(run(Map.of("JAVA_OPTS", "-Xmx1g -Dx=y")).out()).contains("-Xmx1g -Dx=y -jar ");
  }

  @Test
  void aProgramOlderThanItsSourcesIsBuiltOnceAndWithoutMavenALineSaysSo() throws Exception {
    jdk("jvm/jdk-25", "25.0.1");
    newerSource();

    Run run = run(Map.of());

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err().strip()).contains("Maven is needed").doesNotContain("\n");
  }

  @Test
  void aBuildLeavesAStampSoThatTheNextStartDoesNotBuildAgain() throws Exception {
    jdk("jvm/jdk-25", "25.0.1");
    newerSource();
    executable(dir.resolve("path/mvn"), "#!/bin/sh\necho built >>'" + dir + "/builds'\n");

    Run first = run(Map.of());
    Run second = run(Map.of());

    assertThat(first.err()).contains("building");
    assertThat(second.err()).isEmpty();
    assertThat(Files.readAllLines(dir.resolve("builds"))).hasSize(1);
  }

  @Test
  void aFailedBuildShowsTheEndOfItsLogAndWhereItIs() throws Exception {
    jdk("jvm/jdk-25", "25.0.1");
    newerSource();
    executable(dir.resolve("path/mvn"), "#!/bin/sh\necho 'no compiler today'\nexit 1\n");

    Run run = run(Map.of());

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("no compiler today").contains("cli/target/build.log");
    assertThat(root.resolve("cli/target/.posthorn-lock")).doesNotExist();
  }

  @Test
  void aLockOfAProcessThatIsGoneIsTakenOver() throws Exception {
    jdk("jvm/jdk-25", "25.0.1");
    newerSource();
    executable(dir.resolve("path/mvn"), "#!/bin/sh\n");
    Path lock = Files.createDirectories(root.resolve("cli/target/.posthorn-lock"));
    Process gone = new ProcessBuilder("true").start();
    gone.waitFor();
    Files.writeString(lock.resolve("pid"), Long.toString(gone.pid()));

    assertThat(run(Map.of()).exitCode()).isZero();
  }

  private void newerSource() throws IOException {
    Path source = root.resolve("cli/src/main/java/A.java");
    Files.createDirectories(source.getParent());
    Files.writeString(source, "class A {}");
    var past = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));
    Files.setLastModifiedTime(root.resolve("cli/target/posthorn.jar"), past);
  }

  private Path jdk(String name, String version) throws IOException {
    Path home = Files.createDirectories(dir.resolve(name));
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    executable(home.resolve("bin/java"), "#!/bin/sh\necho " + home.getFileName() + " \"$@\"\n");
    executable(home.resolve("bin/javac"), "#!/bin/sh\n");
    return home;
  }

  private static void executable(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Run run(Map<String, String> environment) throws Exception {
    List<String> command = new ArrayList<>(List.of(launcher.toString(), "one", "two words"));
    var builder = new ProcessBuilder(command).directory(dir.toFile());
    builder.environment().clear();
    builder.environment().put("PATH", dir.resolve("path") + ":" + tools());
    builder.environment().put("HOME", dir.resolve("home").toString());
    builder.environment().putAll(environment);
    builder.redirectOutput(dir.resolve("out").toFile()).redirectError(dir.resolve("err").toFile());
    int exitCode = builder.start().waitFor();
    return new Run(exitCode, read("out"), read("err"));
  }

  /** The system's own tools without its java and mvn. */
  private Path tools() throws IOException {
    Path tools = dir.resolve("tools");
    if (Files.notExists(tools)) {
      Files.createDirectories(tools);
      for (String tool :
          List.of(
              "sh",
              "dirname",
              "grep",
              "find",
              "head",
              "tail",
              "mkdir",
              "rm",
              "mv",
              "cat",
              "touch",
              "sleep",
              "readlink")) {
        for (String bin : List.of("/bin/", "/usr/bin/")) {
          if (Files.exists(Path.of(bin + tool)) && Files.notExists(tools.resolve(tool))) {
            Files.createSymbolicLink(tools.resolve(tool), Path.of(bin + tool));
          }
        }
      }
    }
    return tools;
  }

  private String read(String name) throws IOException {
    return Files.readString(dir.resolve(name), StandardCharsets.UTF_8);
  }
}
