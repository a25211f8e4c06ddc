package dev.posthorn.operator.reconcile;

import dev.posthorn.core.config.ConfigObject;
import dev.posthorn.core.config.DispatcherSettings;
import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.config.StreamConfig;
import dev.posthorn.core.resolve.Resource;
import dev.posthorn.crds.Dispatcher;
import dev.posthorn.crds.DispatcherSpec;
import dev.posthorn.operator.cluster.ApiServers;
import dev.posthorn.operator.cluster.ClusterCache;
import dev.posthorn.operator.cluster.ConfigSecret;
import dev.posthorn.operator.cluster.Installations;
import dev.posthorn.operator.cluster.Names;
import dev.posthorn.operator.workload.Installation;
import dev.posthorn.operator.workload.StoreAccess;
import dev.posthorn.operator.workload.Workload;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What Dispatchers are made of: applied, looked at, removed. Thread-safe; blocks. */
final class DispatcherHome {
  private static final Comparator<Dispatcher> AGE =
      Comparator.<Dispatcher, String>comparing(
              dispatcher -> dispatcher.getMetadata().getCreationTimestamp())
          .thenComparing(dispatcher -> dispatcher.getMetadata().getName());

  private final ClusterCache cache;
  private final Installations installations;
  private final ApiServers apiServers;
  private final String image;
  private final String operatorNamespace;

  DispatcherHome(
      ClusterCache cache,
      Installations installations,
      ApiServers apiServers,
      String image,
      String operatorNamespace) {
    this.cache = cache;
    this.installations = installations;
    this.apiServers = apiServers;
    this.image = image;
    this.operatorNamespace = operatorNamespace;
  }

  /** An older Dispatcher in the same namespace, which has the right to it. */
  Optional<Dispatcher> earlierOne(Dispatcher dispatcher) {
    String namespace = dispatcher.getMetadata().getNamespace();
    return cache.dispatchers().stream()
        .filter(other -> other.getMetadata().getNamespace().equals(namespace))
        .filter(other -> AGE.compare(other, dispatcher) < 0)
        .min(AGE);
  }

  /**
   * Applies everything that the Dispatcher is made of, and removes what it is made of no more.
   *
   * @param settings as they are in effect
   * @param store what opens its store
   */
  void apply(
      Dispatcher dispatcher,
      Resource<DispatcherSpec> resource,
      DispatcherSettings settings,
      StoreAccess store) {
    ResourceName name = resource.ref().name();
    installations.apply(
        name,
        Workload.of(
            new Installation(
                name,
                dispatcher.getMetadata().getUid(),
                resource.content(),
                settings.egress(),
                image,
                operatorNamespace,
                apiServers.addresses().stream()
                    .map(each -> new Installation.Address(each.host(), each.port()))
                    .toList(),
                store,
                brokers(name))));
  }

  private List<Installation.Address> brokers(ResourceName dispatcher) {
    return brokers(
        cache.configs().stream()
            .filter(secret -> secret.getMetadata().getNamespace().equals(dispatcher.namespace()))
            .filter(secret ->
                ConfigObject.STREAM
                    .word()
                    .equals(secret.getMetadata().getLabels().get(ConfigObject.LABEL)))
            .flatMap(secret -> ConfigSecret.read(secret, StreamConfig.class).stream())
            .toList(),
        dispatcher.namespace());
  }

  /**
   * Of streams that the platform declared, in {@code namespace}, the Dispatcher's own: a tenant
   * must not open the network by naming a server. All config objects are in that namespace, so that
   * only the stream's own name says whose it is.
   */
  static List<Installation.Address> brokers(List<StreamConfig> streams, String namespace) {
    return streams.stream()
        .filter(stream -> stream.name().namespace().equals(namespace))
        .map(stream -> address(stream.redis().address()))
        .distinct()
        .sorted(Comparator.comparing(Installation.Address::toString))
        .toList();
  }

  private static Installation.Address address(String text) {
    int colon = text.lastIndexOf(':');
    return new Installation.Address(
        text.substring(0, colon).replaceAll("[\\[\\]]", ""),
        Integer.parseInt(text.substring(colon + 1)));
  }

  /** Whether it has pods that were given a payload key. */
  boolean hasPodsOfDatabase(ResourceName dispatcher) {
    return installations.has(Deployment.class, dispatcher);
  }

  /** Pods that serve. */
  int readyPods(ResourceName dispatcher) {
    return Math.toIntExact(cache.pods(dispatcher).stream().filter(DispatcherHome::isReady).count());
  }

  /** Components of which no pod serves. */
  List<String> idle(Resource<DispatcherSpec> dispatcher) {
    Set<String> serving =
        cache.pods(dispatcher.ref().name()).stream()
            .filter(DispatcherHome::isReady)
            .map(pod -> pod.getMetadata().getLabels().get(Workload.COMPONENT))
            .collect(Collectors.toSet());
    return Workload.components(dispatcher.content()).stream()
        .filter(component -> !serving.contains(component))
        .toList();
  }

  private static boolean isReady(Pod pod) {
    return pod.getMetadata().getDeletionTimestamp() == null
        && pod.getStatus() != null
        && pod.getStatus().getConditions().stream()
            .anyMatch(each -> each.getType().equals("Ready") && each.getStatus().equals("True"));
  }

  /** A Dispatcher is gone: owner references take all but what is of the cluster. */
  void removed(ResourceName dispatcher) {
    Set<ResourceName> left =
        cache.dispatchers().stream()
            .map(Names::of)
            .filter(name -> !name.equals(dispatcher)) // the cache may not know it yet
            .collect(Collectors.toSet());
    installations.removeBindings(left);
  }
}
