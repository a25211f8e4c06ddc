package dev.posthorn.core.resolve;

import dev.posthorn.core.config.Configuration;
import dev.posthorn.core.config.DispatcherSettings;
import dev.posthorn.core.config.EndpointConfig;
import dev.posthorn.core.config.KeysConfig;
import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.config.SchemeConfig;
import dev.posthorn.core.config.StreamConfig;
import dev.posthorn.core.egress.EgressGuard;
import dev.posthorn.core.keyring.KeyWish;
import dev.posthorn.core.keyring.Keyring;
import dev.posthorn.core.keyring.KeyringFinding;
import dev.posthorn.core.keyring.KeyringPlanner;
import dev.posthorn.core.keyring.Plan;
import dev.posthorn.core.keyring.PlanTime;
import dev.posthorn.core.signing.BuiltInSchemes;
import dev.posthorn.crds.DispatcherSpec;
import dev.posthorn.crds.EventStreamSpec;
import dev.posthorn.crds.Reason;
import dev.posthorn.crds.SignatureSchemeSpec;
import dev.posthorn.crds.SigningSecretSpec;
import dev.posthorn.crds.WebhookEndpointSpec;
import dev.posthorn.crds.WebhookSourceSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One resolution while it is made; its steps are called in their order, each once. */
final class Resolving {
  private final Resources resources;
  private final Known known;
  private final ResolveOptions options;
  private final Lookup lookup;
  private final List<Finding> findings = new ArrayList<>();
  private final Map<ResourceRef, List<ObjectCondition>> conditions = new HashMap<>();
  private final Map<ResourceName, KeysConfig> keys = new HashMap<>();
  private final Map<ResourceName, Keyring> changedKeyrings = new HashMap<>();
  private final Map<ResourceName, KeyringFinding> refusals = new HashMap<>();
  private final Map<ResourceName, EndpointConfig> endpoints = new HashMap<>();
  private final Map<ResourceName, StreamConfig> streams = new HashMap<>();
  private Map<String, SchemeConfig> schemes = new HashMap<>();
  private DispatcherSettings settings = DispatcherSettings.DEFAULT;
  private Home home = Home.ofDirectory(null);
  private @Nullable SchemeResolver schemeResolver;
  private @Nullable Instant nextWakeUp;

  Resolving(Resources resources, Known known, ResolveOptions options) {
    this.resources = resources;
    this.known = known;
    this.options = options;
    this.lookup = Lookup.among(resources, options.secretsElsewhere());
  }

  void settings() {
    boolean first = true;
    for (Resource<DispatcherSpec> dispatcher : resources.dispatchers()) {
      var report = new Report(dispatcher);
      if (first) {
        home = Home.ofDirectory(dispatcher);
        DispatcherSettings wanted = SettingsResolver.resolve(dispatcher, home.tenancy(), report);
        AlertsCheck.check(dispatcher, this::endpoint, report);
        settings =
            report.complete()
                ? wanted
                : SettingsResolver.narrower(wanted, known.lastGood().settings());
        store(dispatcher, report);
      } else {
        report.error(
            "metadata.name",
            Reason.Conflict,
            "one process has one Dispatcher, and "
                + resources.dispatchers().getFirst().ref().name()
                + " is the first; remove one of both");
      }
      close(dispatcher, report);
      first = false;
    }
    settings = SettingsResolver.override(settings, options);
  }

  private Optional<Resource<WebhookEndpointSpec>> endpoint(ResourceName name) {
    return resources.endpoints().stream()
        .filter(each -> each.ref().name().equals(name))
        .findFirst();
  }

  /** Manifests that are only looked at are a cluster's. */
  private void store(Resource<DispatcherSpec> dispatcher, Report report) {
    if (options.secretsElsewhere()) {
      StoreResolver.resolve(dispatcher, lookup, report);
    } else {
      StoreResolver.refuseInDirectory(dispatcher.content(), report);
    }
  }

  void schemes(BuiltInSchemes builtIn) {
    var resolver = new SchemeResolver(builtIn, known.lastGood().schemes());
    for (Resource<SignatureSchemeSpec> scheme : resources.schemes()) {
      var report = new Report(scheme);
      resolver.add(scheme, report);
      close(scheme, report);
    }
    schemes = resolver.configs();
    schemeResolver = resolver;
  }

  void keys(Instant now, RandomGenerator random) {
    var resolver = new SigningSecretResolver(lookup, PlanTime.at(now), random);
    for (Resource<SigningSecretSpec> secret : resources.signingSecrets()) {
      var report = new Report(secret);
      ResourceName name = secret.ref().name();
      KeyringFinding lost = known.lost().get(name);
      if (lost != null) {
        report.error(lost.field(), lost.reason(), lost.message());
        close(secret, report);
        continue;
      }
      Keyring stored = known.keyrings().get(name);
      List<KeyWish> wishes = known.wishes().getOrDefault(name, List.of());
      NotBuilt.refuseSigningSecret(secret.content(), report);
      Plan plan = resolver.plan(secret, stored, wishes, report);
      Keyring keyring = plan.keyring();
      if (keyring != null) {
        keys.put(name, SigningSecretResolver.config(secret, keyring));
        refuse(name, stored, plan, wishes, now);
        if (stored == null || stored.revision() != keyring.revision()) {
          changedKeyrings.put(name, keyring);
        }
      }
      wakeUp(plan.nextWakeUp());
      close(secret, report);
    }
  }

  private void refuse(
      ResourceName name, @Nullable Keyring before, Plan plan, List<KeyWish> wishes, Instant now) {
    Keyring after = plan.keyring();
    if (before != null && after != null) {
      Instant planned = KeyringPlanner.planTime(before, now);
      wishes.stream()
          .map(wish -> wish.refusal(before, after, plan.findings(), planned))
          .flatMap(Optional::stream)
          .findFirst()
          .ifPresent(why -> refusals.put(name, why));
    }
  }

  private void wakeUp(@Nullable Instant time) {
    if (time != null && (nextWakeUp == null || time.isBefore(nextWakeUp))) {
      nextWakeUp = time;
    }
  }

  void endpointsAndStreams(ExpressionCheck expressions) {
    if (schemeResolver == null) {
      throw new IllegalStateException("schemes are resolved before endpoints");
    }
    var signingSecrets =
        resources.signingSecrets().stream()
            .map(secret -> secret.ref().name())
            .collect(Collectors.toSet());
    var scope =
        new Scope(
            lookup,
            schemeResolver,
            home,
            new EgressGuard(settings.egress()),
            expressions,
            signingSecrets::contains,
            name -> Optional.ofNullable(keys.get(name)),
            options.forTenants());
    for (Resource<WebhookEndpointSpec> endpoint : resources.endpoints()) {
      resolve(
          endpoint,
          (object, report) -> EndpointResolver.resolve(object, scope, report),
          known.lastGood().endpoints(),
          former -> former.withSuspended(endpoint.content().suspend()),
          endpoints);
    }
    for (Resource<EventStreamSpec> stream : resources.streams()) {
      resolve(
          stream,
          (object, report) -> StreamResolver.resolve(object, scope, report),
          known.lastGood().streams(),
          former -> former.withSuspended(stream.content().suspend()),
          streams);
    }
  }

  private <S, C> void resolve(
      Resource<S> object,
      BiFunction<Resource<S>, Report, Optional<C>> resolver,
      Map<ResourceName, C> lastGood,
      UnaryOperator<C> adapt,
      Map<ResourceName, C> into) {
    var report = new Report(object);
    ResourceName name = object.ref().name();
    resolver
        .apply(object, report)
        .or(() -> Optional.ofNullable(lastGood.get(name)).map(adapt))
        .ifPresent(config -> into.put(name, config));
    close(object, report);
  }

  void sources() {
    for (Resource<WebhookSourceSpec> source : resources.sources()) {
      var report = new Report(source);
      NotBuilt.refuseSource(source.content(), report);
      close(source, report);
    }
  }

  private void close(Resource<?> object, Report report) {
    findings.addAll(report.findings());
    conditions.put(object.ref(), ObjectCondition.of(object.ref().kind(), report.findings()));
  }

  Resolution resolution() {
    return new Resolution(
        new Configuration(settings, endpoints, keys, streams, schemes),
        changedKeyrings,
        refusals,
        nextWakeUp,
        findings,
        conditions,
        References.of(resources));
  }
}
