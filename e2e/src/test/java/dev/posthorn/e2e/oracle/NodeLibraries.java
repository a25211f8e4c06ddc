package dev.posthorn.e2e.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.posthorn.core.signing.Header;
import dev.posthorn.e2e.fixture.Program;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * The vendors' libraries in one Node process: {@code oracle.mjs}, with the packages of its lock
 * file in {@code e2e/target}. For one thread.
 */
final class NodeLibraries {
  private static final Path SOURCE = Program.root().resolve("e2e/src/test/resources/oracles");
  private static final Path HOME = Program.root().resolve("e2e/target/oracles");
  private static final int INSTALL_MINUTES = 10;
  private static final int END_SECONDS = 10;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Process node;
  private final BufferedWriter questions;
  private final BufferedReader answers;

  private NodeLibraries(Process node) {
    this.node = node;
    this.questions = node.outputWriter(StandardCharsets.UTF_8);
    this.answers = node.inputReader(StandardCharsets.UTF_8);
  }

  /** Installs what is not there yet. Without Node the tests are skipped, but in CI they fail. */
  static NodeLibraries start() throws IOException, InterruptedException {
    for (String program : List.of("node", "npm")) {
      if (!onPath(program)) {
        throw absent(program + " is not installed");
      }
    }
    install();
    return new NodeLibraries(
        new ProcessBuilder("node", HOME.resolve("oracle.mjs").toString())
            .redirectError(HOME.resolve("node.err").toFile())
            .start());
  }

  /** Whether the library takes each of them for signed. */
  List<Boolean> verify(Oracle oracle, List<Case> cases) throws IOException {
    var verdicts = new ArrayList<Boolean>();
    ask(oracle, "verify", cases).forEach(answer -> verdicts.add(answer.asBoolean()));
    return verdicts;
  }

  /** The same requests with the headers that the library gives them. */
  List<Case> sign(Oracle oracle, List<Case> cases) throws IOException {
    var signed = new ArrayList<Case>();
    for (JsonNode answer : ask(oracle, "sign", cases)) {
      assertThat(answer.path("error").asText()).as(oracle.title()).isEmpty();
      var headers = new ArrayList<Header>();
      answer.properties().forEach(e -> headers.add(new Header(e.getKey(), e.getValue().asText())));
      signed.add(cases.get(signed.size()).with(headers));
    }
    return signed;
  }

  private JsonNode ask(Oracle oracle, String op, List<Case> cases) throws IOException {
    ObjectNode question = JSON.createObjectNode().put("oracle", oracle.title()).put("op", op);
    ArrayNode list = question.putArray("cases");
    cases.forEach(each -> list.add(each.json()));
    questions.write(JSON.writeValueAsString(question));
    questions.newLine();
    questions.flush();
    String line = answers.readLine();
    assertThat(line).as(() -> "node ended and said: " + read(HOME.resolve("node.err"))).isNotNull();
    JsonNode answered = JSON.readTree(line).path("answers");
    assertThat(answered.size()).isEqualTo(cases.size());
    return answered;
  }

  /** Ends the process. */
  void end() throws IOException, InterruptedException {
    questions.close();
    if (!node.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
      node.destroyForcibly();
    }
  }

  /**
   * Packages go below target, never among the sources; a run with the same lock takes them over.
   */
  private static void install() throws IOException, InterruptedException {
    Files.createDirectories(HOME);
    copy("package.json");
    copy("package-lock.json");
    copy("oracle.mjs");
    Path lock = HOME.resolve("package-lock.json");
    Path installed = HOME.resolve("installed-lock.json");
    if (!Files.exists(installed) || Files.mismatch(lock, installed) >= 0) {
      Files.deleteIfExists(installed);
      npmCi();
      Files.copy(lock, installed);
    }
  }

  private static void npmCi() throws IOException, InterruptedException {
    Path log = HOME.resolve("npm.log");
    Process npm =
        new ProcessBuilder(
                "npm", "ci", "--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund")
            .directory(HOME.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    boolean ended = npm.waitFor(INSTALL_MINUTES, TimeUnit.MINUTES);
    npm.destroyForcibly();
    if (!ended || npm.exitValue() != 0) {
      throw absent("npm could not install the libraries: " + read(log));
    }
  }

  private static void copy(String name) throws IOException {
    Files.copy(SOURCE.resolve(name), HOME.resolve(name), StandardCopyOption.REPLACE_EXISTING);
  }

  private static RuntimeException absent(String why) {
    if ("true".equals(System.getenv("CI"))) {
      throw new AssertionError(why + "; in CI the vendors' libraries must be asked");
    }
    System.out.println("NOT TESTED against the vendors' libraries: " + why);
    return Assumptions.abort(why + ": the vendors' libraries were not asked");
  }

  private static boolean onPath(String program) {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
