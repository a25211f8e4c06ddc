package dev.posthorn.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.crds.Condition;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Each mistake has its condition with reason and cure; the cure makes it Ready, nothing else. */
class BrokenReferencesIT {
  private static final String URL = "https://hooks.acme.example/in";
  private static Installed cluster;

  @BeforeAll
  static void install() throws Exception {
    cluster = Installed.get();
  }

  @Test
  void aMissingSigningSecret() {
    String tenant = cluster.tenant("broken");
    cluster.apply(Manifest.endpoint(tenant, "orders", URL, ""));

    Condition refs =
        cluster.awaitCondition(tenant, "orders", "ResolvedRefs", "False", "SigningSecretNotFound");
    assertThat(refs.message())
        .contains("spec.signatures[0].signingSecretRef")
        .contains("SigningSecret " + tenant + "/orders is not there; create it");

    cluster.apply(Manifest.signingSecret(tenant, "orders", ""));
    cluster.awaitReady(tenant, "orders");
  }

  @Test
  void aSecretThatIsMissingThenUnlabelledThenWithoutTheEntry() throws Exception {
    String tenant = cluster.tenant("broken");
    cluster.apply(
        Manifest.signingSecret(tenant, "orders", "")
            + Manifest.endpoint(
                tenant,
                "orders",
                URL,
                "headers: [{name: authorization, valueFrom: {secretKeyRef: {name: auth, key: token}}}]"));
    cluster.awaitCondition(tenant, "orders", "ResolvedRefs", "False", "SecretNotFound");

    cluster
        .kubectl("create", "secret", "generic", "auth", "-n", tenant, "--from-literal=other=x")
        .succeeded();
    cluster.kubectl("annotate", "sis", "orders", "-n", tenant, "look=again").succeeded();
    cluster
        .kubectl(
            "patch",
            "whe",
            "orders",
            "-n",
            tenant,
            "--type=merge",
            "-p",
            "{\"spec\":{\"description\":\"again\"}}")
        .succeeded();
    Condition unlabelled =
        cluster.awaitCondition(tenant, "orders", "ResolvedRefs", "False", "SecretNotLabelled");
    String cure = "kubectl label secret auth -n " + tenant + " posthorn.dev/readable=true";
    assertThat(unlabelled.message()).contains(cure);

    cluster.kubectl(cure.substring("kubectl ".length()).split(" ")).succeeded();
    Condition entry =
        cluster.awaitCondition(tenant, "orders", "ResolvedRefs", "False", "SecretKeyMissing");
    assertThat(entry.message()).contains("has no entry \"token\"");

    cluster
        .kubectl(
            "patch", "secret", "auth", "-n", tenant, "-p", "{\"stringData\":{\"token\":\"t\"}}")
        .succeeded();
    cluster.awaitReady(tenant, "orders");
  }

  @Test
  void aSchemeThatNobodyHas() {
    String tenant = cluster.tenant("broken");
    cluster.apply(
        Manifest.signingSecret(tenant, "orders", "")
            + Manifest.endpoint(tenant, "orders", URL, "")
                .replace("standard-webhooks", "acme.example.com"));

    Condition refs =
        cluster.awaitCondition(tenant, "orders", "ResolvedRefs", "False", "SchemeNotFound");
    assertThat(refs.message()).contains("acme.example.com").contains("not there");
  }

  @Test
  void aUrlThatMustNotBeReached() {
    String tenant = cluster.tenant("broken");
    cluster.apply(
        Manifest.signingSecret(tenant, "orders", "")
            + Manifest.endpoint(tenant, "orders", "https://10.0.0.1/in", ""));

    cluster.awaitCondition(tenant, "orders", "Accepted", "False", "EgressDenied");
    cluster.awaitCondition(tenant, "orders", "Stalled", "True", "EgressDenied");

    cluster.apply(Manifest.endpoint(tenant, "orders", URL, ""));
    cluster.awaitReady(tenant, "orders");
    assertThat(
            cluster.condition(
                cluster.endpoint(tenant, "orders").getStatus().conditions(), "Stalled"))
        .isEmpty();
  }

  @Test
  void anExpressionThatDoesNotCompile() {
    String tenant = cluster.tenant("broken");
    cluster.apply(
        Manifest.signingSecret(tenant, "orders", "")
            + Manifest.endpoint(tenant, "orders", URL, "")
                .replace(
                    "events: {types: [\"order.*\"]}",
                    "events: {types: [\"order.*\"], filter: \"event.data.x ==\"}"));

    Condition accepted =
        cluster.awaitCondition(tenant, "orders", "Accepted", "False", "InvalidExpression");
    assertThat(accepted.message()).contains("spec.events.filter");
  }

  @Test
  void aDispatcherThatIsNotThere() {
    String tenant = cluster.tenant("broken");
    cluster.apply(
        Manifest.signingSecret(tenant, "orders", "")
            + Manifest.endpoint(tenant, "orders", URL, "")
                .replace("name: default}", "name: nobody}"));

    Condition accepted =
        cluster.awaitCondition(tenant, "orders", "Accepted", "False", "DispatcherNotFound");
    assertThat(accepted.message())
        .contains("Dispatcher posthorn-system/nobody is not there; create it");
  }

  @Test
  void aNamespaceThatTheDispatcherDoesNotTake() throws Exception {
    String tenant = cluster.plane().namespace("foreign", Map.of());
    cluster.apply(
        Manifest.signingSecret(tenant, "orders", "")
            + Manifest.endpoint(tenant, "orders", URL, ""));

    Condition accepted =
        cluster.awaitCondition(tenant, "orders", "Accepted", "False", "NotAllowedByDispatcher");
    assertThat(accepted.message())
        .contains("posthorn.dev/tenant=true")
        .contains("label the namespace");
    assertThat(keysOf(tenant)).isZero();

    cluster.kubectl("label", "namespace", tenant, "posthorn.dev/tenant=true").succeeded();
    cluster.awaitReady(tenant, "orders");
    assertThat(keysOf(tenant)).isOne();

    cluster.kubectl("label", "namespace", tenant, "posthorn.dev/tenant-").succeeded();
    cluster.awaitCondition(tenant, "orders", "Accepted", "False", "NotAllowedByDispatcher");
    cluster.eventually("nothing of it is left with the Dispatcher", () -> configsOf(tenant) == 0);
  }

  @Test
  void whatIsTooLarge() {
    String tenant = cluster.tenant("broken");
    var entries = new StringBuilder();
    var headers = new StringBuilder("headers:\n");
    for (int i = 0; i < 20; i++) {
      entries.append("  h").append(i).append(": ").append("x".repeat(4_000)).append('\n');
      headers
          .append("- {name: x-h")
          .append(i)
          .append(", valueFrom: {secretKeyRef: {name: big, key: h")
          .append(i)
          .append("}}}\n");
    }
    cluster.apply(
        "apiVersion: v1\nkind: Secret\nmetadata: {name: big, namespace: %s, labels: {posthorn.dev/readable: \"true\"}}\nstringData:\n%s---\n"
                .formatted(tenant, entries)
            + Manifest.signingSecret(tenant, "orders", "")
            + Manifest.endpoint(tenant, "orders", URL, headers.toString()));

    Condition refs = cluster.awaitCondition(tenant, "orders", "ResolvedRefs", "False", "TooLarge");
    assertThat(refs.message()).contains("at most 65536");
    cluster.awaitCondition(tenant, "orders", "Stalled", "True", "TooLarge");
  }

  @Test
  void aMistakeLeavesWhatWasGoodInEffect() {
    String tenant = cluster.tenant("broken");
    cluster.apply(
        Manifest.signingSecret(tenant, "orders", "")
            + Manifest.endpoint(tenant, "orders", URL, ""));
    cluster.awaitReady(tenant, "orders");

    cluster.apply(Manifest.endpoint(tenant, "orders", "https://10.0.0.1/in", ""));
    cluster.awaitCondition(tenant, "orders", "Accepted", "False", "EgressDenied");
    Condition programmed =
        cluster
            .condition(cluster.endpoint(tenant, "orders").getStatus().conditions(), "Programmed")
            .orElseThrow();

    assertThat(programmed.message()).contains("the last good configuration stays in effect");
    assertThat(configsOf(tenant)).isEqualTo(2);
  }

  private static long keysOf(String tenant) {
    return configs(tenant, "keys");
  }

  private static long configsOf(String tenant) {
    return configs(tenant, "keys") + configs(tenant, "endpoint");
  }

  private static long configs(String tenant, String kind) {
    return cluster.configs(kind).stream()
        .filter(secret -> Installed.source(secret).contains("/" + tenant + "/"))
        .count();
  }
}
