package dev.posthorn.core.resolve;

import dev.posthorn.core.config.DispatcherSettings;
import dev.posthorn.core.config.EndpointConfig;
import dev.posthorn.core.config.KeysConfig;
import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.config.SchemeConfig;
import dev.posthorn.core.config.StreamConfig;
import dev.posthorn.core.egress.EgressGuard;
import dev.posthorn.core.expression.Expressions;
import dev.posthorn.core.keyring.KeyWish;
import dev.posthorn.core.keyring.Keyring;
import dev.posthorn.core.keyring.KeyringFinding;
import dev.posthorn.core.keyring.Plan;
import dev.posthorn.core.keyring.PlanTime;
import dev.posthorn.core.signing.BuiltInSchemes;
import dev.posthorn.crds.DispatcherRef;
import dev.posthorn.crds.DispatcherSpec;
import dev.posthorn.crds.EventStreamSpec;
import dev.posthorn.crds.Reason;
import dev.posthorn.crds.SignatureSchemeSpec;
import dev.posthorn.crds.SigningSecretSpec;
import dev.posthorn.crds.WebhookEndpointSpec;
import dev.posthorn.crds.WebhookSourceSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Resolves the objects of a cluster one by one, by the rules that {@link Resolver} has for a
 * directory. Thread-safe.
 */
public final class ClusterResolver {
  private final BuiltInSchemes builtIn;
  private final ExpressionCheck expressions;

  /** A resolver that judges schemes and expressions by these. */
  public ClusterResolver(BuiltInSchemes builtIn, Expressions expressions) {
    this.builtIn = builtIn;
    this.expressions = new ExpressionCheck(expressions);
  }

  /** What {@code object} refers to: it has to be resolved again when one of these changes. */
  public static Set<ResourceRef> targets(Resource<?> object) {
    return Set.copyOf(Targets.of(object));
  }

  /** The Dispatcher that {@code ref} names for an object in {@code namespace}. */
  public static ResourceName dispatcher(@Nullable DispatcherRef ref, String namespace) {
    return Home.named(ref, namespace);
  }

  /** Whether a Dispatcher is there and takes objects of {@code namespace}. */
  public static boolean admits(ResourceName dispatcher, String namespace, Neighbours neighbours) {
    return neighbours
        .dispatcher(dispatcher)
        .map(each -> Home.inCluster(each, neighbours.namespaceLabels(namespace)))
        .filter(home -> home.refusal(namespace).isEmpty())
        .isPresent();
  }

  /** An endpoint. */
  public Resolved<EndpointConfig> endpoint(
      Resource<WebhookEndpointSpec> endpoint, Neighbours neighbours) {
    var report = new Report(endpoint);
    Scope scope = scope(endpoint, endpoint.content().dispatcherRef(), neighbours, report);
    return Resolved.of(EndpointResolver.resolve(endpoint, scope, report), endpoint, report);
  }

  /** A stream. */
  public Resolved<StreamConfig> stream(Resource<EventStreamSpec> stream, Neighbours neighbours) {
    var report = new Report(stream);
    Scope scope = scope(stream, stream.content().dispatcherRef(), neighbours, report);
    return Resolved.of(StreamResolver.resolve(stream, scope, report), stream, report);
  }

  /** A source, which this version does not have yet. */
  public Resolved<Record> source(Resource<WebhookSourceSpec> source, Neighbours neighbours) {
    var report = new Report(source);
    home(source, source.content().dispatcherRef(), neighbours, report);
    NotBuilt.refuseSource(source.content(), report);
    return Resolved.of(Optional.empty(), source, report);
  }

  /** A scheme. */
  public Resolved<SchemeConfig> scheme(Resource<SignatureSchemeSpec> scheme) {
    var report = new Report(scheme);
    var resolver = new SchemeResolver(builtIn, Map.of());
    resolver.add(scheme, report);
    return Resolved.of(resolver.configs().values().stream().findFirst(), scheme, report);
  }

  /**
   * A Dispatcher's settings, once what its store needs is there too; those that have mistakes are
   * {@link #narrower} than they say.
   *
   * @param endpoints finds the one of its alerts
   */
  public Resolved<DispatcherSettings> settings(
      Resource<DispatcherSpec> dispatcher,
      Neighbours neighbours,
      Function<ResourceName, Optional<Resource<WebhookEndpointSpec>>> endpoints) {
    var report = new Report(dispatcher);
    DispatcherSettings settings = settings(dispatcher, report);
    AlertsCheck.check(dispatcher, endpoints, report);
    store(dispatcher, neighbours, report);
    return Resolved.of(
        report.complete() ? Optional.of(settings) : Optional.empty(), dispatcher, report);
  }

  /** What opens a Dispatcher's store; empty where that is wrong or missing. */
  public Optional<StoreSecrets> store(Resource<DispatcherSpec> dispatcher, Neighbours neighbours) {
    return store(dispatcher, neighbours, new Report(dispatcher));
  }

  private static Optional<StoreSecrets> store(
      Resource<DispatcherSpec> dispatcher, Neighbours neighbours, Report report) {
    return StoreResolver.resolve(dispatcher, new Lookup(neighbours::data, false), report);
  }

  /**
   * What is in effect while {@code dispatcher} has mistakes: {@code former}, but nothing is open
   * that is not open in both, and suspending works at once.
   */
  public DispatcherSettings narrower(
      Resource<DispatcherSpec> dispatcher, DispatcherSettings former) {
    return SettingsResolver.narrower(settings(dispatcher, new Report(dispatcher)), former);
  }

  /**
   * A SigningSecret.
   *
   * @param stored its keyring; null if there never was one
   * @param wishes beside those of the object
   * @param time now
   * @param random makes keys and their ids: a {@code SecureRandom} outside tests
   */
  public ResolvedKeys keys(
      Resource<SigningSecretSpec> secret,
      @Nullable Keyring stored,
      List<KeyWish> wishes,
      Neighbours neighbours,
      PlanTime time,
      RandomGenerator random) {
    var report = new Report(secret);
    var resolver = new SigningSecretResolver(new Lookup(neighbours::data, false), time, random);
    Plan plan = resolver.plan(secret, stored, wishes, report);
    Optional<KeysConfig> keys =
        Optional.ofNullable(plan.keyring())
            .map(keyring -> SigningSecretResolver.config(secret, keyring));
    return new ResolvedKeys(plan, Resolved.of(keys, secret, report));
  }

  /** A SigningSecret whose keyring cannot be used. */
  public Resolved<KeysConfig> lost(Resource<SigningSecretSpec> secret, KeyringFinding why) {
    var report = new Report(secret);
    report.error(why.field(), why.reason(), why.message());
    return Resolved.of(Optional.empty(), secret, report);
  }

  private Scope scope(
      Resource<?> object, @Nullable DispatcherRef ref, Neighbours neighbours, Report report) {
    Optional<Resource<DispatcherSpec>> dispatcher = found(object, ref, neighbours, report);
    DispatcherSettings settings =
        dispatcher.map(each -> settings(each, new Report(each))).orElse(DispatcherSettings.DEFAULT);
    return new Scope(
        new Lookup(neighbours::data, false),
        schemes(object, neighbours),
        home(object, dispatcher, neighbours),
        new EgressGuard(settings.egress()),
        expressions,
        name -> neighbours.signingSecret(name).isPresent(),
        name -> keys(name, neighbours),
        true);
  }

  private static Optional<KeysConfig> keys(ResourceName name, Neighbours neighbours) {
    return neighbours
        .signingSecret(name)
        .flatMap(secret ->
            neighbours.keyring(name).map(keyring -> SigningSecretResolver.config(secret, keyring)));
  }

  /** Those that the object names; a resolver knows the built-in ones. */
  private SchemeResolver schemes(Resource<?> object, Neighbours neighbours) {
    var resolver = new SchemeResolver(builtIn, Map.of());
    Targets.of(object).stream()
        .filter(target -> target.kind() == Kind.SIGNATURE_SCHEME)
        .flatMap(target -> neighbours.scheme(target.name().name()).stream())
        .forEach(scheme -> resolver.add(scheme, new Report(scheme)));
    return resolver;
  }

  private static void home(
      Resource<?> object, @Nullable DispatcherRef ref, Neighbours neighbours, Report report) {
    home(object, found(object, ref, neighbours, report), neighbours).admit(object, ref, report);
  }

  private static Home home(
      Resource<?> object, Optional<Resource<DispatcherSpec>> dispatcher, Neighbours neighbours) {
    return dispatcher
        .map(each -> Home.inCluster(each, neighbours.namespaceLabels(object.namespace())))
        .orElseGet(() -> Home.ofDirectory(null));
  }

  private static Optional<Resource<DispatcherSpec>> found(
      Resource<?> object, @Nullable DispatcherRef ref, Neighbours neighbours, Report report) {
    ResourceName name = Home.named(ref, object.namespace());
    Optional<Resource<DispatcherSpec>> dispatcher = neighbours.dispatcher(name);
    if (dispatcher.isEmpty()) {
      report.error(
          "spec.dispatcherRef",
          Reason.DispatcherNotFound,
          "Dispatcher " + name + " is not there; create it, or correct the reference");
    }
    return dispatcher;
  }

  private static DispatcherSettings settings(Resource<DispatcherSpec> dispatcher, Report report) {
    return SettingsResolver.resolve(dispatcher, Home.ofDirectory(dispatcher).tenancy(), report);
  }
}
