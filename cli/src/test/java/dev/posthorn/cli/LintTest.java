package dev.posthorn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LintTest {
  private static final String BAD =
      """
      apiVersion: posthorn.dev/v1alpha1
      kind: WebhookEndpoint
      metadata: {name: orders, namespace: acme}
      spec:
        url: https://hooks.acme.example/in
        event: {types: ["order.*"]}
        signatures:
          - {scheme: standard-webhooks, signingSecretRef: {name: gone}}
      """;

  @TempDir private Path dir;

  @Test
  void theShippedSamplesAreWithoutFindings() {
    CommandRun run = CommandRun.of("lint", "../config/samples/standalone");

    assertThat(run.out())
        .isEqualToNormalizingNewlines(
            "OK: 3 endpoints of 2 tenants, 3 signing secrets, 1 stream\n");
    assertThat(run.exitCode()).isZero();
  }

  /** Its Secret need not be in Git. */
  @ParameterizedTest
  @ValueSource(strings = {"postgres", "gateways"})
  void theShippedSamplesOfDatabasesAreWithoutErrors(String sample) throws IOException {
    Path file = Path.of("../config/samples", sample, "dispatcher.yaml");
    Files.copy(file, dir.resolve("sample.yaml"));

    CommandRun run = CommandRun.of("lint", dir.toString());

    assertThat(run.out())
        .contains(
            "spec.store.postgres.secretRef", "it must be in the cluster when this is applied");
    assertThat(run.exitCode()).isZero();
  }

  @Test
  void theSampleOfAlertsIsWithoutFindings() {
    CommandRun run = CommandRun.of("lint", "../config/samples/alerts");

    assertThat(run.out())
        .isEqualToNormalizingNewlines("OK: 1 endpoint of 1 tenant, 0 signing secrets, 0 streams\n");
    assertThat(run.exitCode()).isZero();
  }

  @Test
  void aFindingBeginsWithFileAndLine() throws IOException {
    Path file = Files.writeString(dir.resolve("bad.yaml"), BAD);

    CommandRun run = CommandRun.of("lint", dir.toString());

    assertThat(run.out()).startsWith(file + ":").contains("WebhookEndpoint/orders: spec.event");
    assertThat(run.exitCode()).isEqualTo(1);
  }

  @Test
  void asJsonEveryPartOfAFindingIsAFieldOfItsOwn() throws IOException {
    Files.writeString(dir.resolve("bad.yaml"), BAD);

    JsonNode findings =
        new ObjectMapper()
            .readTree(CommandRun.of("lint", dir.toString(), "--output", "json").out());

    assertThat(findings.get(0).get("severity").asText()).isEqualTo("error");
    assertThat(findings.get(0).get("namespace").asText()).isEqualTo("acme");
    assertThat(findings.get(0).get("line").asInt()).isPositive();
  }

  @Test
  void forGithubEachFindingIsAnAnnotation() throws IOException {
    Path file = Files.writeString(dir.resolve("bad.yaml"), BAD);

    assertThat(CommandRun.of("lint", dir.toString(), "--output", "github").out())
        .startsWith("::error file=" + file + ",line=");
  }

  @Test
  void aDirectoryThatIsNotThereIsWrongUsage() {
    CommandRun run = CommandRun.of("lint", dir.resolve("gone").toString());

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("is not a directory");
  }
}
