package dev.posthorn.core.resolve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.core.config.ResourceName;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class ManifestReaderTest {
  private static final ManifestReader READER = new ManifestReader();
  private static final String ENDPOINT =
      """
      apiVersion: posthorn.dev/v1alpha1
      kind: WebhookEndpoint
      metadata: {name: acme}
      spec:
        url: https://hooks.example.com/in
        events: {types: ["order.*"], filter: 'event.type == "a"'}
        signatures: [{scheme: none}]
        headers: [{name: x, value: y}]
        retry: {scheduleSeconds: [5]}
      """;

  @Property(tries = 300)
  void arbitraryTextNeverThrows(@ForAll String text) {
    assertThat(read(text)).isNotNull();
  }

  @Property(tries = 500)
  void damagedManifestNeverThrows(@ForAll("damaged") String text) {
    assertThat(read(text)).isNotNull();
  }

  @Provide
  Arbitrary<String> damaged() {
    Arbitrary<String> pieces =
        Arbitraries.of(
            "",
            " ",
            "\n",
            ":",
            "- ",
            "{",
            "}",
            "[",
            "]",
            "&a ",
            "*a",
            "<<: ",
            "!!binary ",
            "!x ",
            "|",
            ">",
            "? ",
            "---\n",
            "...\n",
            "%YAML 9.9\n",
            "\t",
            "\"",
            "'",
            "#",
            "null",
            "1e999",
            "0x",
            "-",
            "9".repeat(100),
            "1:30",
            "2026-11-22",
            "\u0000",
            "\uFEFF",
            "\uD800",
            "~");
    return Arbitraries.integers()
        .between(0, ENDPOINT.length())
        .tuple3()
        .flatMap(cuts ->
            pieces
                .tuple2()
                .map(piece -> {
                  var text = new StringBuilder(ENDPOINT);
                  text.insert(cuts.get1(), piece.get1());
                  text.insert(cuts.get2(), piece.get2());
                  int from = Math.min(cuts.get3(), text.length() - 5);
                  return text.delete(from, from + 3).toString();
                }));
  }

  @Test
  void aliasesThatMultiplyAreRefused() {
    String bomb =
        IntStream.range(1, 12)
            .mapToObj(i ->
                "a%d: &a%d [%s]\n"
                    .formatted(i, i, String.join(", ", Collections.nCopies(9, "*a" + (i - 1)))))
            .collect(Collectors.joining("", "a0: &a0 [1]\n", ""));
    assertThat(onlyFinding(bomb)).endsWith("nested or aliased beyond what is read; simplify it");
  }

  @Test
  void objectThatHoldsItselfIsRefused() {
    assertThat(onlyFinding("a: &a\n  b: *a\n"))
        .endsWith("nested or aliased beyond what is read; simplify it");
  }

  @Test
  void deepNestingIsRefused() {
    assertThat(onlyFinding("[".repeat(10_000)))
        .endsWith("nested or aliased beyond what is read; simplify it");
  }

  @Test
  void hugeFileIsRefused() {
    assertThat(onlyFinding(" ".repeat(YamlReader.MAX_CHARACTERS + 1))).contains("split it");
  }

  @Test
  void controlCharacterIsFoundOnItsLine() {
    assertThat(onlyFinding("a: b\nc: \u0001\n"))
        .isEqualTo("file.yaml:2: holds a character that YAML does not allow; remove it");
  }

  @Test
  void emptyDocumentsAreNothing() {
    Manifests manifests = read("---\n---\n# only a comment\n---\n");
    assertThat(manifests.usable()).isTrue();
    assertThat(manifests.resources().endpoints()).isEmpty();
  }

  @Test
  void byteOrderMarkIsSkipped() {
    assertThat(read("\uFEFF" + ENDPOINT).findings()).isEmpty();
  }

  @Test
  void statusAndServerFieldsAreAccepted() {
    String exported =
        ENDPOINT.replace(
                "{name: acme}", "{name: acme, uid: u, generation: 3, managedFields: [{a: b}]}")
            + "status: {anything: [1, {goes: here}]}\n";
    assertThat(read(exported).findings()).isEmpty();
  }

  @Test
  void nullIsAsIfTheFieldWereAbsent() {
    Manifests manifests = read(ENDPOINT + "  body: null\n  description: ~\n");
    assertThat(manifests.findings()).isEmpty();
    assertThat(manifests.resources().endpoints().getFirst().content().description()).isNull();
  }

  @Test
  void sameNameInAnotherNamespaceIsAnotherObject() {
    Manifests manifests =
        read(ENDPOINT + "---\n" + ENDPOINT.replace("{name: acme}", "{name: acme, namespace: b}"));
    assertThat(manifests.resources().endpoints())
        .extracting(endpoint -> endpoint.ref().name())
        .containsExactly(new ResourceName("default", "acme"), new ResourceName("b", "acme"));
  }

  @Test
  void stringDataWinsOverData() {
    Manifests manifests =
        read(
            """
            apiVersion: v1
            kind: Secret
            metadata: {name: s}
            data: {a: b2xk, b: YmluYXJ5}
            stringData: {a: new}
            """);
    Data data = manifests.resources().secrets().getFirst().content();
    assertThat(data.get("a")).hasValue("new".getBytes(UTF_8));
    assertThat(data.get("b")).hasValue("binary".getBytes(UTF_8));
    assertThat(data).hasToString("Data[a, b]");
  }

  @Test
  void goodObjectsAreReadBesideBadOnes() {
    Manifests manifests = read(ENDPOINT + "---\nkind: Deployment\napiVersion: apps/v1\n");
    assertThat(manifests.usable()).isFalse();
    assertThat(manifests.resources().endpoints()).hasSize(1);
  }

  private static String onlyFinding(String text) {
    List<Finding> findings = read(text).findings();
    assertThat(findings).hasSize(1);
    return findings.getFirst().toString();
  }

  private static Manifests read(String text) {
    return READER.read(List.of(new ManifestFile("file.yaml", text)));
  }
}
