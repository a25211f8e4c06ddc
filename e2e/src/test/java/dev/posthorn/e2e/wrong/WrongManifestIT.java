package dev.posthorn.e2e.wrong;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.e2e.fixture.Ended;
import dev.posthorn.e2e.fixture.Manifests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every wrong manifest: exit code 2 and one line with file, line, object, field and the cure. */
class WrongManifestIT {
  private static final String GOOD_URL = "https://hooks.example.com/in";

  @TempDir private Path directory;

  /**
   * A file with something wrong in it.
   *
   * @param line as a regular expression: all that follows the file's name and line number
   */
  private record Wrong(String name, String yaml, String line) {}

  /** What an API server would refuse: such a directory is not looked at any further. */
  private static final List<Wrong> UNREADABLE =
      List.of(
          new Wrong("bad-yaml", "kind: [WebhookEndpoint\nspec: 1\n", "(?i).*(expected|yaml).*"),
          new Wrong(
              "unknown-kind",
              "apiVersion: posthorn.dev/v1alpha1\nkind: WebhookEndpont\nmetadata: {name: a}\n",
              ".*kind: unknown kind \"WebhookEndpont\".*WebhookEndpoint.*"),
          new Wrong(
              "misspelt",
              Manifests.endpoint(
                  "acme", "m", GOOD_URL, "\"*\"", "{scheme: none}", "  desription: a\n"),
              "WebhookEndpoint/m: spec.desription: .*description.*"),
          new Wrong("twice-a", plain("same", GOOD_URL), ""),
          new Wrong("twice-b", plain("same", GOOD_URL), "WebhookEndpoint/same: .*twice-a.yaml.*"));

  /** Objects that are well formed and cannot come into effect. */
  private static final List<Wrong> IMPOSSIBLE =
      List.of(
          url("http", "http://hooks.example.com/in", "https"),
          url("loopback", "https://127.0.0.1/", "127.0.0.1"),
          url("decimal", "https://2130706433/", "number"),
          url("metadata", "https://169.254.169.254/", "169.254.169.254"),
          new Wrong(
              "filter",
              plain("filter", GOOD_URL)
                  .replace("  signatures:", "    filter: 'event.data.amount >'\n  signatures:"),
              "WebhookEndpoint/filter: spec.events.filter: .+"),
          new Wrong(
              "secret",
              """
              apiVersion: posthorn.dev/v1alpha1
              kind: SigningSecret
              metadata: {name: secret, namespace: acme}
              spec: {secretRef: {name: nowhere, key: secret}}
              """,
              "SigningSecret/secret: spec.secretRef.*: .*nowhere.*"),
          new Wrong(
              "kafka",
              """
              apiVersion: posthorn.dev/v1alpha1
              kind: EventStream
              metadata: {name: kafka}
              spec: {kafka: {bootstrapServers: "k:9092", topics: [orders]}}
              """,
              "EventStream/kafka: spec.kafka: .*not built.*remove.*"));

  private static Wrong url(String name, String url, String named) {
    return new Wrong(
        name, plain(name, url), "WebhookEndpoint/" + name + ": spec.url: .*" + named + ".*");
  }

  private static String plain(String name, String url) {
    return Manifests.endpoint("acme", name, url, "\"*\"", "{scheme: none}", "");
  }

  @TestFactory
  Stream<DynamicTest> aFileThatCannotBeReadIsOneLine() throws Exception {
    return eachIsOneLine(UNREADABLE);
  }

  @TestFactory
  Stream<DynamicTest> anObjectThatCannotComeIntoEffectIsOneLine() throws Exception {
    return eachIsOneLine(IMPOSSIBLE);
  }

  private Stream<DynamicTest> eachIsOneLine(List<Wrong> cases)
      throws IOException, InterruptedException {
    Ended ended = run(cases);
    Stream<DynamicTest> lines =
        cases.stream()
            .filter(each -> !each.line().isEmpty())
            .map(each -> DynamicTest.dynamicTest(each.name(), () -> isOneLine(ended, each)));
    return Stream.concat(
        Stream.of(
            DynamicTest.dynamicTest(
                "and the program does not start", () -> assertThat(ended.exitCode()).isEqualTo(2))),
        lines);
  }

  private static void isOneLine(Ended ended, Wrong wrong) {
    String file = "/" + wrong.name() + ".yaml:";
    List<String> lines = ended.errLines().stream().filter(line -> line.contains(file)).toList();
    assertThat(lines).as(ended.err()).hasSize(1);
    assertThat(lines.getFirst()).matches("\\S*" + file + "[0-9]+(:[0-9]+)?: " + wrong.line());
  }

  private Ended run(List<Wrong> cases) throws IOException, InterruptedException {
    Manifests manifests = Manifests.in(Files.createTempDirectory(directory, "case"));
    for (Wrong each : cases) {
      manifests.write(each.name() + ".yaml", each.yaml());
    }
    return Ended.of(
        directory,
        "run",
        manifests.directory().toString(),
        "--data",
        Files.createTempDirectory(directory, "data").toString(),
        "--listen",
        "127.0.0.1:0",
        "--management",
        "127.0.0.1:0");
  }
}
