package dev.posthorn.core.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.core.config.Configuration;
import dev.posthorn.core.config.DispatcherSettings;
import dev.posthorn.core.config.EndpointConfig;
import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.egress.AllowedCidr;
import dev.posthorn.core.expression.Expressions;
import dev.posthorn.core.keyring.Keyring;
import dev.posthorn.core.signing.BuiltInSchemes;
import dev.posthorn.crds.ConditionType;
import dev.posthorn.crds.Reason;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a change of the directory does to what is in effect. */
class LastGoodTest {
  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
  private static final ManifestReader READER = new ManifestReader();
  private static final BuiltInSchemes SCHEMES = BuiltInSchemes.load();
  private static final ResourceName ACME = new ResourceName("default", "acme");
  private static final ResourceName KEYS = new ResourceName("default", "orders");
  private static final String ENDPOINT =
      """
      apiVersion: posthorn.dev/v1alpha1
      kind: WebhookEndpoint
      metadata: {name: acme}
      spec:
        url: https://hooks.example.com/in
        events: {types: ["*"]}
        signatures: [{scheme: stripe, signingSecretRef: {name: orders}}]
      """;
  private static final String SIGNING_SECRET =
      """
      ---
      apiVersion: posthorn.dev/v1alpha1
      kind: SigningSecret
      metadata: {name: orders}
      spec: {}
      """;
  private static final String DISPATCHER =
      """
      ---
      apiVersion: posthorn.dev/v1alpha1
      kind: Dispatcher
      metadata: {name: default}
      spec: {egress: {ports: [443, 8443]}}
      """;
  private static final String GOOD = ENDPOINT + SIGNING_SECRET;

  @Test
  void badEndpointGoesOnAsItWas() {
    Resolution before = resolve(GOOD, Known.NOTHING);
    Resolution after = resolve(GOOD.replace("https:", "http:"), known(before));
    assertThat(after.hasErrors()).isTrue();
    assertThat(after.configuration()).isEqualTo(before.configuration());
  }

  @Test
  void badEndpointThatWasNeverGoodIsLeftOut() {
    Resolution first = resolve(GOOD.replace("https:", "http:"), Known.NOTHING);
    assertThat(first.configuration().endpoints()).isEmpty();
  }

  @Test
  void suspendingABadEndpointWorks() {
    Resolution before = resolve(GOOD, Known.NOTHING);
    String bad = GOOD.replace("url: https:", "suspend: true\n  url: http:");
    EndpointConfig endpoint = resolve(bad, known(before)).configuration().endpoints().get(ACME);
    assertThat(endpoint)
        .isEqualTo(
            Objects.requireNonNull(before.configuration().endpoints().get(ACME))
                .withSuspended(true));
  }

  @Test
  void removedEndpointIsGone() {
    Resolution before = resolve(GOOD, Known.NOTHING);
    assertThat(resolve(SIGNING_SECRET, known(before)).configuration().endpoints()).isEmpty();
  }

  @Test
  void firstKeyIsToBeStoredOnce() {
    Resolution first = resolve(GOOD, Known.NOTHING);
    assertThat(first.changedKeyrings()).containsOnlyKeys(KEYS);
    Resolution second = resolve(GOOD, known(first));
    assertThat(second.changedKeyrings()).isEmpty();
    assertThat(second.configuration()).isEqualTo(first.configuration());
  }

  @Test
  void futureRotationWakesUpInTime() {
    String rotating =
        GOOD.replace("spec: {}", "spec: {rotation: {rotateAfter: \"2026-11-22T12:00:00Z\"}}");
    assertThat(resolve(rotating, Known.NOTHING).nextWakeUp())
        .isEqualTo(Instant.parse("2026-11-22T12:00:00Z"));
  }

  @Test
  void keyringOfAnotherAlgorithmIsKeptAndTheChangeRefused() {
    Resolution before = resolve(GOOD, Known.NOTHING);
    Resolution after =
        resolve(GOOD.replace("spec: {}", "spec: {algorithm: HmacSha512}"), known(before));
    assertThat(after.findings()).extracting(Finding::field).containsExactly("spec.algorithm");
    assertThat(after.configuration().keys()).isEqualTo(before.configuration().keys());
  }

  @Test
  void wishForAnUnknownKeyIsANote() {
    Resolution before = resolve(GOOD, Known.NOTHING);
    String wish = GOOD.replace("spec: {}", "spec: {rotation: {acknowledgedKeyId: k_000000}}");
    Resolution after = resolve(wish, known(before));
    assertThat(after.hasErrors()).isFalse();
    assertThat(after.findings().getFirst().toString())
        .startsWith("in.yaml:12: note: SigningSecret/orders: spec.rotation.acknowledgedKeyId: ");
    assertThat(condition(after, Kind.SIGNING_SECRET, KEYS, ConditionType.RotationAccepted))
        .returns(false, ObjectCondition::holds)
        .returns(Reason.UnknownKeyId.name(), ObjectCondition::reason);
    assertThat(condition(after, Kind.SIGNING_SECRET, KEYS, ConditionType.Ready).holds()).isTrue();
  }

  @Test
  void badSettingsOpenNothing() {
    Resolution before = resolve(DISPATCHER, Known.NOTHING);
    String bad =
        DISPATCHER
            .replace("ports: [443, 8443]", "ports: [8443, 9443], denyCidrs: [1.2.3.4/31]")
            .replace("egress:", "suspend: true, portal: {}, egress:");
    DispatcherSettings settings = resolve(bad, known(before)).configuration().settings();
    assertThat(settings.egress().ports()).containsExactly(8443);
    assertThat(settings.suspended()).isTrue();
  }

  @Test
  void optionsOverrideTheDispatcher() {
    var options =
        new ResolveOptions(true, List.of(AllowedCidr.parse("10.0.0.0/8")), 7, false, false);
    Resolution before = resolve(DISPATCHER, Known.NOTHING, options);
    Resolution again = resolve(DISPATCHER, known(before), options);
    assertThat(again.configuration()).isEqualTo(before.configuration());
    assertThat(again.configuration().settings().egress().allowHttp()).isTrue();
    assertThat(again.configuration().settings().egress().allowCidrs()).hasSize(1);
    assertThat(again.configuration().settings().limits().maxConcurrency()).isEqualTo(7);
  }

  @Test
  void secretThatIsNotInGitIsANoteForLint() {
    String text =
        GOOD.replace("spec: {}", "spec: {secretRef: {name: key, key: k}}")
            .replace(
                "url: https://hooks.example.com/in",
                "urlFrom: {secretKeyRef: {name: url, key: u}}");
    Resolution lint = resolve(text, Known.NOTHING, ResolveOptions.DEFAULT.forLint());
    assertThat(lint.hasErrors()).isFalse();
    assertThat(lint.findings())
        .extracting(Finding::toString)
        .containsExactly(
            "in.yaml:12: note: SigningSecret/orders: spec.secretRef: Secret default/key is not there;"
                + " it must be in the cluster when this is applied",
            "in.yaml:5: note: WebhookEndpoint/acme: spec.urlFrom.secretKeyRef: Secret default/url is"
                + " not there; it must be in the cluster when this is applied");
  }

  @Test
  void tenantsAreNotToldWhichRuleDenies() {
    var options = new ResolveOptions(false, List.of(), null, false, true);
    Resolution resolution =
        resolve(GOOD.replace("hooks.example.com", "10.0.0.1"), Known.NOTHING, options);
    assertThat(resolution.findings().getFirst().message()).doesNotContain("10.0.0.1");
  }

  @Test
  void conditionsFollowFromFindings() {
    Resolution resolution = resolve(ENDPOINT.replace("https:", "http:"), Known.NOTHING);
    assertThat(condition(resolution, Kind.WEBHOOK_ENDPOINT, ACME, ConditionType.Accepted))
        .returns(false, ObjectCondition::holds)
        .returns(Reason.EgressDenied.name(), ObjectCondition::reason);
    assertThat(condition(resolution, Kind.WEBHOOK_ENDPOINT, ACME, ConditionType.ResolvedRefs))
        .returns(false, ObjectCondition::holds)
        .returns(Reason.SigningSecretNotFound.name(), ObjectCondition::reason);
  }

  @Test
  void conditionsOfAGoodObjectHold() {
    Resolution resolution = resolve(GOOD, Known.NOTHING);
    assertThat(resolution.conditions().values())
        .allSatisfy(list -> assertThat(list).allMatch(ObjectCondition::holds).hasSize(2));
  }

  private static ObjectCondition condition(
      Resolution resolution, Kind kind, ResourceName name, ConditionType type) {
    return resolution.conditions().getOrDefault(new ResourceRef(kind, name), List.of()).stream()
        .filter(condition -> condition.type() == type)
        .findFirst()
        .orElseThrow();
  }

  private static Known known(Resolution before) {
    return new Known(before.configuration(), keyrings(before.configuration()));
  }

  private static Map<ResourceName, Keyring> keyrings(Configuration configuration) {
    var keyrings = new HashMap<ResourceName, Keyring>();
    configuration.keys().forEach((name, keys) -> keyrings.put(name, keys.keyring()));
    return keyrings;
  }

  private static Resolution resolve(String text, Known known) {
    return resolve(text, known, ResolveOptions.DEFAULT);
  }

  private static Resolution resolve(String text, Known known, ResolveOptions options) {
    Manifests manifests = READER.read(List.of(new ManifestFile("in.yaml", text)));
    assertThat(manifests.findings()).isEmpty();
    return new Resolver(SCHEMES, new Expressions(() -> 0), options)
        .resolve(manifests.resources(), known, NOW, new Random(1));
  }
}
