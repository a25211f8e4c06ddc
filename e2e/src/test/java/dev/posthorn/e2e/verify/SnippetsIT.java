package dev.posthorn.e2e.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.posthorn.e2e.fixture.Http;
import dev.posthorn.e2e.fixture.Manifests;
import dev.posthorn.e2e.fixture.PosthornProcess;
import dev.posthorn.e2e.fixture.Received;
import dev.posthorn.e2e.fixture.Receiver;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Every language of docs/verify.md gives the same verdict on every request. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SnippetsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final String KEYS = "/v1/tenants/acme/keys/orders/";

  private final List<Received> received = Receiver.list();
  private List<Case> cases = List.of();
  private Path directory = Path.of("");

  @BeforeAll
  void sendRequests(@TempDir Path shared) throws Exception {
    directory = shared;
    Manifests manifests = Manifests.in(directory);
    try (var receiver = Receiver.keeping(received)) {
      manifests.write("acme.yaml", manifest(receiver));
      try (var posthorn = PosthornProcess.run(manifests.directory(), directory.resolve("data"))) {
        Http api = posthorn.api();
        String old = key(api, 0);
        var sent = new ArrayList<Received>();
        for (String data :
            List.of("{\"n\": 1.50}", "{}", "\"\u00fc\u4e2d\ud83d\ude00\"", "[ 1 ,\\n 2 ]")) {
          sent.add(delivered(api, data.replace("\\n", "\n")));
        }
        for (int i = 0; i < 3; i++) {
          sent.add(delivered(api, Integer.toString(i)));
        }
        api.post(KEYS + "rotate", "application/json", "{}");
        await("both keys sign")
            .atMost(PATIENCE)
            .until(() -> signatures(delivered(api, "1")).length == 2);
        cases = cases(sent, delivered(api, "2"), delivered(api, "3"), old, key(api, 0));
      }
    }
    Files.write(directory.resolve("cases"), cases.stream().map(Case::line).toList());
  }

  private Received delivered(Http api, String data) {
    String id = api.accepted("acme", "order.created", data);
    await("a delivery")
        .atMost(PATIENCE)
        .until(() -> received.stream().anyMatch(each -> each.eventId().equals(id)));
    return received.stream().filter(each -> each.eventId().equals(id)).findFirst().orElseThrow();
  }

  private static String[] signatures(Received request) {
    return request.header("webhook-signature").split(" ");
  }

  private static String key(Http api, int index) {
    JsonNode keys = api.json(KEYS + "reveal").path("keys");
    return keys.path(index).path("key").asText();
  }

  private static String manifest(Receiver receiver) {
    return Manifests.madeKeys("acme", "orders", "{}")
        + Manifests.endpoint(
            "acme",
            "orders",
            receiver.url("/in"),
            "\"*\"",
            "{scheme: standard-webhooks, signingSecretRef: {name: orders}}",
            "");
  }

  private static List<Case> cases(
      List<Received> sent, Received both, Received bothAgain, String old, String fresh) {
    var cases = new ArrayList<Case>();
    for (int i = 0; i < 4; i++) {
      cases.add(Case.of("body-" + i, sent.get(i), old));
    }
    Case good = cases.getFirst();
    cases.add(good.again("replayed"));
    cases.add(Case.of("two-signatures-old-key", both, old));
    cases.add(Case.of("two-signatures-new-key", bothAgain, fresh));
    cases.add(Case.of("old-300-s", sent.get(4), old).at("old-300-s", 300, true));
    cases.add(Case.of("ahead-300-s", sent.get(5), old).at("ahead-300-s", -300, true));
    cases.add(good.at("old-301-s", 301, false));
    cases.add(good.at("ahead-301-s", -301, false));
    cases.addAll(wrongHeaders(good));
    byte[] flipped = good.body().clone();
    flipped[flipped.length / 2] ^= 1;
    cases.add(good.withBody("one-bit-of-the-body", flipped));
    byte[] longer = Arrays.copyOf(good.body(), good.body().length + 1);
    longer[good.body().length] = '\n';
    cases.add(good.withBody("a-final-newline", longer));
    cases.add(good.withBody("no-body", new byte[0]));
    cases.add(good.withSecret("another-secret", fresh));
    return cases;
  }

  private static List<Case> wrongHeaders(Case good) {
    String signature = Objects.requireNonNull(good.signature());
    String time = Objects.requireNonNull(good.time());
    char first = signature.charAt(3);
    return List.of(
        good.withId("no-id", null),
        good.withId("an-empty-id", ""),
        good.withId("another-id", "msg_01m8cfn0k5h2kfggbqd0yctfq6"),
        good.withTime("no-time", null),
        good.withTime("an-empty-time", ""),
        good.withTime("letters-behind-the-time", time + "abc"),
        good.withTime("a-newline-behind-the-time", time + "\n"),
        good.withTime("a-sign-before-the-time", "+" + time),
        good.withTime("a-zero-before-the-time", "0" + time),
        good.withTime("fifteen-digits", "123456789012345"),
        good.withTime("another-time", Long.toString(Long.parseLong(time) + 1)),
        good.withSignature("no-signature", null),
        good.withSignature("an-empty-signature", ""),
        good.withSignature("a-short-signature", "v1,"),
        good.withSignature("half-a-signature", signature.substring(0, 20)),
        good.withSignature("garbage", "v1,%%%%\u00fc===="),
        good.withSignature("without-its-version", signature.substring(3)),
        good.withSignature("another-version", "v2" + signature.substring(2)),
        good.withSignature("only-spaces", "   "),
        good.withSignature("a-very-long-one", "v1," + "A".repeat(8_000)),
        good.withSignature(
            "one-bit-of-the-signature",
            "v1," + (first == 'A' ? 'B' : 'A') + signature.substring(4)));
  }

  @ParameterizedTest
  @FieldSource("dev.posthorn.e2e.verify.Language#ALL")
  void everySnippetGivesEveryVerdict(Language language) throws Exception {
    assumeTrue(language.missing().isEmpty(), language.missing() + " not installed: was not run");
    Path own = Files.createDirectory(directory.resolve(language.fence()));
    assertThat(language.verdicts(Language.page("verify.md"), directory.resolve("cases"), own))
        .containsExactlyElementsOf(cases.stream().map(Case::verdict).toList());
  }

  /** The libraries have a clock of their own, and each its own idea of a malformed header. */
  private static final Set<String> FOR_LIBRARIES =
      Set.of(
          "body-0",
          "body-1",
          "body-2",
          "body-3",
          "two-signatures-old-key",
          "two-signatures-new-key",
          "one-bit-of-the-body",
          "one-bit-of-the-signature",
          "another-id",
          "another-time",
          "another-secret",
          "no-id",
          "no-time",
          "no-signature");

  @ParameterizedTest
  @FieldSource("dev.posthorn.e2e.verify.Language#WITH_LIBRARY")
  void everySnippetWithALibraryTellsGenuineFromForged(Language language) throws Exception {
    assumeTrue(language.missing().isEmpty(), language.missing() + " not installed: was not run");
    List<Case> some = cases.stream().filter(c -> FOR_LIBRARIES.contains(c.name())).toList();
    assertThat(some).hasSameSizeAs(FOR_LIBRARIES);
    Path own = Files.createDirectory(directory.resolve("library-" + language.fence()));
    Path file = Files.write(own.resolve("cases"), some.stream().map(Case::line).toList());
    assertThat(language.verdicts(Language.page("receive.md"), file, own))
        .containsExactlyElementsOf(some.stream().map(c -> c.name() + " " + c.genuine()).toList());
  }
}
