package dev.posthorn.core.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.config.StreamConfig;
import dev.posthorn.core.egress.Verdict;
import dev.posthorn.core.expression.Expressions;
import dev.posthorn.core.keyring.Keyring;
import dev.posthorn.core.signing.BuiltInSchemes;
import dev.posthorn.crds.DispatcherSpec;
import dev.posthorn.crds.DispatcherSpec.AllowedNamespaces;
import dev.posthorn.crds.EventStreamSpec;
import dev.posthorn.crds.LabelSelector;
import dev.posthorn.crds.SignatureSchemeSpec;
import dev.posthorn.crds.SigningSecretSpec;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An object of a cluster comes to what the same object in a directory comes to. */
class ClusterResolverTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");
  private static final BuiltInSchemes BUILT_IN = BuiltInSchemes.load();
  private static final ResolveOptions FOR_TENANTS =
      new ResolveOptions(false, List.of(), null, false, true);

  private final ClusterResolver cluster = new ClusterResolver(BUILT_IN, expressions());

  private static Expressions expressions() {
    return new Expressions(() -> 0);
  }

  static Stream<GoldenCase> cases() {
    return GoldenCase.of(ResolverTest.class).stream()
        .filter(golden -> new ManifestReader().read(golden.inputs()).usable());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void endpointsAndStreamsComeToTheSameConfigAndFindings(GoldenCase golden) {
    Resources resources = new ManifestReader().read(golden.inputs()).resources();
    Resolution directory =
        new Resolver(BUILT_IN, expressions(), FOR_TENANTS)
            .resolve(resources, Known.NOTHING, NOW, new Random(1));
    var neighbours = new Given(resources, directory, Map.of());

    for (var endpoint : resources.endpoints()) {
      var resolved = cluster.endpoint(endpoint, neighbours);
      assertThat(resolved.config())
          .isEqualTo(
              Optional.ofNullable(
                  directory.configuration().endpoints().get(endpoint.ref().name())));
      assertThat(resolved.findings()).isEqualTo(of(endpoint, directory));
      assertThat(resolved.conditions()).isEqualTo(directory.conditions().get(endpoint.ref()));
    }
    for (var stream : resources.streams()) {
      if (!stream.namespace().equals("default")) {
        continue; // judged in a cluster only, see below
      }
      var resolved = cluster.stream(stream, neighbours);
      assertThat(resolved.config())
          .isEqualTo(
              Optional.ofNullable(directory.configuration().streams().get(stream.ref().name())));
      assertThat(resolved.findings()).isEqualTo(of(stream, directory));
    }
  }

  @Test
  void aBrokerOutsideOfTheDispatchersNamespaceIsJudged() {
    assertThat(broker("acme", "redis.acme.svc:6379").findings())
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.field()).isEqualTo("spec.redis.address");
          assertThat(finding.cause().word()).isEqualTo("EgressDenied");
          assertThat(finding.message()).isEqualTo(Verdict.FOR_TENANTS);
        });
    assertThat(broker("acme", "redis.acme.svc:6379").config()).isEmpty();
    assertThat(broker("acme", "[::1]:443").config()).isEmpty();
    assertThat(broker("acme", "redis.acme.example:443").config())
        .hasValueSatisfying(stream -> assertThat(stream.guarded()).isTrue());
    assertThat(broker("default", "redis:6379").config())
        .hasValueSatisfying(stream -> assertThat(stream.guarded()).isFalse());
  }

  private Resolved<StreamConfig> broker(String namespace, String address) {
    EventStreamSpec spec =
        JSON.convertValue(
            Map.of(
                "dispatcherRef",
                Map.of("name", "default", "namespace", "default"),
                "format",
                "Json",
                "redis",
                Map.of("address", address, "stream", "orders")),
            EventStreamSpec.class);
    var ref = new ResourceRef(Kind.EVENT_STREAM, new ResourceName(namespace, "orders"));
    return cluster.stream(
        new Resource<>(ref, Map.of(), spec, Origin.UNKNOWN), new Given(nothing(), null, Map.of()));
  }

  @Test
  void aDispatcherWhoseAlertsNobodyGetsIsInEffectAllTheSame() {
    DispatcherSpec spec =
        JSON.convertValue(
            Map.of("alerts", Map.of("endpointRef", Map.of("name", "ops")), "suspend", true),
            DispatcherSpec.class);
    var ref = new ResourceRef(Kind.DISPATCHER, new ResourceName("platform", "default"));
    var dispatcher = new Resource<>(ref, Map.of(), spec, Origin.UNKNOWN);

    var resolved =
        cluster.settings(dispatcher, new Given(nothing(), null, Map.of()), _ -> Optional.empty());

    assertThat(resolved.config())
        .hasValueSatisfying(settings -> {
          assertThat(settings.suspended()).isTrue();
          assertThat(settings.alerts()).isEqualTo(new ResourceName("platform", "ops"));
        });
    assertThat(resolved.conditions())
        .singleElement()
        .satisfies(condition -> {
          assertThat(condition.holds()).isFalse();
          assertThat(condition.reason()).isEqualTo("EndpointNotFound");
          assertThat(condition.message())
              .startsWith(
                  "spec.alerts.endpointRef.name: WebhookEndpoint platform/ops is not there");
        });
  }

  private static List<Finding> of(Resource<?> object, Resolution directory) {
    return directory.findings().stream()
        .filter(finding -> object.ref().equals(finding.object()))
        .toList();
  }

  @Test
  void aSelectorTakesNamespacesByTheirLabels() {
    var selector = new LabelSelector(Map.of("tier", "a"), List.of());

    assertThat(admitted(AllowedNamespaces.From.Selector, selector, Map.of("tier", "a"))).isTrue();
    assertThat(admitted(AllowedNamespaces.From.Selector, selector, Map.of("tier", "b"))).isFalse();
    assertThat(admitted(AllowedNamespaces.From.Selector, selector, Map.of())).isFalse();
    assertThat(admitted(AllowedNamespaces.From.All, null, Map.of())).isTrue();
    assertThat(admitted(AllowedNamespaces.From.Same, null, Map.of("tier", "a"))).isFalse();
  }

  @Test
  void expressionsOfASelectorAreThoseOfKubernetes() {
    var in = requirement(LabelSelector.Operator.In, "a", "b");
    var notIn = requirement(LabelSelector.Operator.NotIn, "a");
    var exists = requirement(LabelSelector.Operator.Exists);
    var absent = requirement(LabelSelector.Operator.DoesNotExist);

    assertThat(Selection.matches(in, Map.of("tier", "b"))).isTrue();
    assertThat(Selection.matches(in, Map.of())).isFalse();
    assertThat(Selection.matches(notIn, Map.of("tier", "a"))).isFalse();
    assertThat(Selection.matches(notIn, Map.of())).isTrue();
    assertThat(Selection.matches(exists, Map.of("tier", ""))).isTrue();
    assertThat(Selection.matches(absent, Map.of("tier", ""))).isFalse();
    assertThat(Selection.matches(new LabelSelector(Map.of(), List.of()), Map.of())).isTrue();
    assertThat(Selection.matches(null, Map.of())).isFalse();
    assertThat(Selection.text(in)).isEqualTo("tier in (a, b)");
  }

  private static LabelSelector requirement(LabelSelector.Operator operator, String... values) {
    return new LabelSelector(
        Map.of(), List.of(new LabelSelector.Requirement("tier", operator, List.of(values))));
  }

  private static boolean admitted(
      AllowedNamespaces.From from, @Nullable LabelSelector selector, Map<String, String> labels) {
    var name = new ResourceName("posthorn-system", "default");
    return ClusterResolver.admits(
        name,
        "acme",
        new Given(nothing(), null, labels) {
          @Override
          public Optional<Resource<DispatcherSpec>> dispatcher(ResourceName wanted) {
            return Optional.of(Given.dispatcher(name, new AllowedNamespaces(from, selector)));
          }
        });
  }

  private static Resources nothing() {
    return new Resources(
        List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of());
  }

  /** The objects of a directory as a cluster has them; without a Dispatcher one that takes all. */
  private static class Given implements Neighbours {
    private final Resources resources;
    private final @Nullable Resolution directory;
    private final Map<String, String> labels;

    Given(Resources resources, @Nullable Resolution directory, Map<String, String> labels) {
      this.resources = resources;
      this.directory = directory;
      this.labels = labels;
    }

    static Resource<DispatcherSpec> dispatcher(ResourceName name, AllowedNamespaces allowed) {
      DispatcherSpec spec =
          JSON.convertValue(Map.of("allowedNamespaces", allowed), DispatcherSpec.class);
      return new Resource<>(new ResourceRef(Kind.DISPATCHER, name), Map.of(), spec, Origin.UNKNOWN);
    }

    @Override
    public Optional<Resource<Data>> data(ResourceRef ref) {
      return Stream.concat(resources.secrets().stream(), resources.configMaps().stream())
          .filter(each -> each.ref().equals(ref))
          .findFirst();
    }

    @Override
    public Optional<Resource<DispatcherSpec>> dispatcher(ResourceName name) {
      return resources.dispatchers().stream()
          .findFirst()
          .or(() ->
              Optional.of(
                  dispatcher(
                      new ResourceName("default", "default"),
                      new AllowedNamespaces(AllowedNamespaces.From.All, null))));
    }

    @Override
    public Optional<Resource<SignatureSchemeSpec>> scheme(String name) {
      return find(resources.schemes(), new ResourceName("", name));
    }

    @Override
    public Optional<Resource<SigningSecretSpec>> signingSecret(ResourceName name) {
      return find(resources.signingSecrets(), name);
    }

    private static <T> Optional<Resource<T>> find(List<Resource<T>> all, ResourceName name) {
      return all.stream().filter(each -> each.ref().name().equals(name)).findFirst();
    }

    @Override
    public Optional<Keyring> keyring(ResourceName signingSecret) {
      return Optional.ofNullable(directory)
          .flatMap(each -> Optional.ofNullable(each.configuration().keys().get(signingSecret)))
          .map(keys -> keys.keyring());
    }

    @Override
    public Map<String, String> namespaceLabels(String namespace) {
      return labels;
    }
  }
}
