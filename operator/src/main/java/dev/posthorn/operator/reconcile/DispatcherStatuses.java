package dev.posthorn.operator.reconcile;

import dev.posthorn.core.config.ConfigObject;
import dev.posthorn.core.config.EndpointConfig;
import dev.posthorn.core.resolve.Resource;
import dev.posthorn.crds.Condition;
import dev.posthorn.crds.ConditionType;
import dev.posthorn.crds.Dispatcher;
import dev.posthorn.crds.DispatcherSpec;
import dev.posthorn.crds.DispatcherStatus;
import dev.posthorn.crds.Reason;
import dev.posthorn.operator.cluster.ConfigSecret;
import dev.posthorn.operator.reconcile.Stated.Truth;
import io.fabric8.kubernetes.api.model.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The status of a Dispatcher. Pure. */
final class DispatcherStatuses {
  private static final DispatcherStatus NOTHING =
      new DispatcherStatus(null, List.of(), null, null, null, null);

  /** How long pods may take to start before somebody should look. */
  private static final Duration START = Duration.ofMinutes(2);

  private DispatcherStatuses() {}

  /** The status that is there, in our order. */
  static DispatcherStatus former(@Nullable DispatcherStatus status) {
    return status == null
        ? NOTHING
        : new DispatcherStatus(
            status.observedGeneration(),
            Conditions.sorted(status.conditions()),
            status.store(),
            status.readyPods(),
            status.endpoints(),
            status.tenants());
  }

  /**
   * Whether it serves.
   *
   * @param idle components of which no pod is ready
   * @param storeProblem why a pod cannot use its store; null where none says so
   */
  static Stated available(
      int readyPods,
      List<String> idle,
      @Nullable String storeProblem,
      List<Condition> former,
      Instant now) {
    if (readyPods > 0 && idle.isEmpty()) {
      return Stated.of(ConditionType.Available, Truth.True, Reason.Available, "it serves");
    }
    if (storeProblem != null) {
      return Stated.of(ConditionType.Available, Truth.False, Reason.StoreUnavailable, storeProblem);
    }
    Optional<Condition> before = Conditions.find(ConditionType.Available, former);
    boolean starting =
        before.isEmpty()
            || (before.get().reason().equals(Reason.Starting.name())
                && now.isBefore(Instant.parse(before.get().lastTransitionTime()).plus(START)));
    return starting
        ? Stated.of(ConditionType.Available, Truth.False, Reason.Starting, "its pods are starting")
        : Stated.of(
            ConditionType.Available,
            Truth.False,
            Reason.Unavailable,
            (readyPods == 0 ? "no pod is ready" : without(idle.getFirst()))
                + "; look at the events and the log of its pods");
  }

  private static String without(String component) {
    return component.equals("gateway")
        ? "no gateway pod is ready, so that nobody can publish; what is stored is delivered"
        : "no " + component + " pod is ready, so that events are taken and wait";
  }

  static DispatcherStatus of(
      Dispatcher dispatcher,
      Conditions conditions,
      int readyPods,
      List<Secret> configs,
      Resource<DispatcherSpec> resource) {
    String namespace = resource.namespace();
    List<Secret> endpoints =
        configs.stream()
            .filter(secret -> secret.getMetadata().getNamespace().equals(namespace))
            .filter(secret ->
                ConfigObject.ENDPOINT
                    .word()
                    .equals(secret.getMetadata().getLabels().get(ConfigObject.LABEL)))
            .toList();
    boolean namespaces = resource.content().tenancy() == DispatcherSpec.Tenancy.Namespace;
    long tenants =
        endpoints.stream()
            .flatMap(secret -> namespaces ? namespaceOf(secret) : tenantOf(secret))
            .distinct()
            .count();
    return new DispatcherStatus(
        dispatcher.getMetadata().getGeneration(),
        conditions.list(),
        resource.content().store().postgres() == null ? "Sqlite" : "Postgres",
        readyPods,
        endpoints.size(),
        Math.toIntExact(tenants));
  }

  private static Stream<String> namespaceOf(Secret secret) {
    return ConfigSecret.source(secret).map(source -> source.name().namespace()).stream();
  }

  private static Stream<String> tenantOf(Secret secret) {
    return ConfigSecret.read(secret, EndpointConfig.class).map(EndpointConfig::tenant).stream();
  }
}
