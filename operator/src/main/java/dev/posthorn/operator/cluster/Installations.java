package dev.posthorn.operator.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.posthorn.core.config.ResourceName;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What Dispatchers are made of: watched, applied where it differs, removed where it is not wanted
 * any more. Thread-safe; blocks.
 */
public final class Installations implements AutoCloseable {
  /** Digest of what was applied: another version of the operator may have left out a field. */
  private static final String APPLIED_ANNOTATION = "posthorn.dev/applied";

  private static final String DISPATCHER = "Dispatcher";

  private static final JsonMapper JSON = new JsonMapper();

  private final KubernetesClient client;
  private final Map<Class<? extends HasMetadata>, Watched<? extends HasMetadata>> kinds =
      new LinkedHashMap<>();

  /** Prepares the watches; {@link #start} begins them. */
  public Installations(KubernetesClient client, ChangeListener listener) {
    this.client = client;
    for (Class<? extends HasMetadata> kind :
        List.of(
            ConfigMap.class,
            ServiceAccount.class,
            Role.class,
            RoleBinding.class,
            Service.class,
            NetworkPolicy.class,
            StatefulSet.class,
            Deployment.class,
            PodDisruptionBudget.class)) {
      kinds.put(kind, watched(kind, listener));
    }
    kinds.put(ClusterRoleBinding.class, bindings(listener));
  }

  private <T extends HasMetadata> Watched<T> watched(Class<T> kind, ChangeListener listener) {
    return new Watched<>(
        client
            .resources(kind)
            .inAnyNamespace()
            .withLabel(Names.MANAGED_BY_LABEL, Names.MANAGED_BY)
            .withLabel(Names.INSTANCE_LABEL),
        each -> listener.installation(dispatcher(each)));
  }

  private Watched<ClusterRoleBinding> bindings(ChangeListener listener) {
    return new Watched<>(
        client
            .resources(ClusterRoleBinding.class)
            .withLabel(Names.MANAGED_BY_LABEL, Names.MANAGED_BY)
            .withLabel(Names.INSTANCE_LABEL),
        each -> listener.installation(dispatcher(each)));
  }

  /** The Dispatcher that an object belongs to. */
  private static ResourceName dispatcher(HasMetadata object) {
    Map<String, String> labels = object.getMetadata().getLabels();
    String namespace = object.getMetadata().getNamespace();
    return new ResourceName(
        namespace == null ? labels.getOrDefault(Names.DISPATCHER_NAMESPACE_LABEL, "") : namespace,
        labels.getOrDefault(Names.INSTANCE_LABEL, ""));
  }

  /** Begins the watches and waits for the first lists. */
  public void start(Duration timeout) {
    CompletableFuture.allOf(
            kinds.values().stream()
                .map(each -> each.start().toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new))
        .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
        .join();
  }

  /** Whether every watch is up. */
  public boolean live() {
    return kinds.values().stream().allMatch(Watched::live);
  }

  /** An object as it is. */
  public <T extends HasMetadata> Optional<T> find(Class<T> kind, ResourceName name) {
    return all(kind).get(name).map(kind::cast);
  }

  /** Whether a Dispatcher has an object of this kind. */
  public boolean has(Class<? extends HasMetadata> kind, ResourceName dispatcher) {
    return all(kind).all().stream()
        .anyMatch(object -> dispatcher(object).equals(dispatcher) && isOurs(object));
  }

  private Watched<? extends HasMetadata> all(Class<? extends HasMetadata> kind) {
    Watched<? extends HasMetadata> watched = kinds.get(kind);
    if (watched == null) {
      throw new IllegalArgumentException(kind + " is not watched");
    }
    return watched;
  }

  /** Makes the objects of a Dispatcher what {@code wanted} says, and removes others of it. */
  public void apply(ResourceName dispatcher, List<HasMetadata> wanted) {
    wanted.forEach(this::apply);
    Set<String> names = wanted.stream().map(Installations::key).collect(Collectors.toSet());
    // Pods before the rights that they have.
    for (Watched<? extends HasMetadata> kind : List.copyOf(kinds.values()).reversed()) {
      kind.all().stream()
          .filter(object -> dispatcher(object).equals(dispatcher) && isOurs(object))
          .filter(object -> !names.contains(key(object)))
          .forEach(object -> client.resource(object).delete());
    }
  }

  /** Labels can be anybody's; the reference to the Dispatcher is ours. */
  private static boolean isOurs(HasMetadata object) {
    return object.getMetadata().getNamespace() == null
        || object.getMetadata().getOwnerReferences().stream()
            .anyMatch(owner -> owner.getKind().equals(DISPATCHER));
  }

  private void apply(HasMetadata wanted) {
    JsonNode json = JSON.valueToTree(wanted);
    String digest = digest(json);
    boolean same =
        all(wanted.getClass())
            .get(Names.of(wanted))
            .filter(actual -> digest.equals(applied(actual)))
            .filter(actual -> Subset.holds(json, JSON.valueToTree(actual)))
            .isPresent();
    if (!same) {
      HasMetadata stamped = client.getKubernetesSerialization().clone(wanted);
      stamped.getMetadata().setAnnotations(with(wanted.getMetadata().getAnnotations(), digest));
      client.resource(stamped).fieldManager(Names.FIELD_MANAGER).forceConflicts().serverSideApply();
    }
  }

  private static Map<String, String> with(
      @Nullable Map<String, String> annotations, String digest) {
    var all = new LinkedHashMap<String, String>();
    if (annotations != null) {
      all.putAll(annotations);
    }
    all.put(APPLIED_ANNOTATION, digest);
    return all;
  }

  private static String applied(HasMetadata object) {
    Map<String, String> annotations = object.getMetadata().getAnnotations();
    return annotations == null ? "" : annotations.getOrDefault(APPLIED_ANNOTATION, "");
  }

  private static String key(HasMetadata object) {
    return object.getKind() + "/" + Names.of(object);
  }

  private static String digest(JsonNode json) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(json.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash).substring(0, 20);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Removes what no owner reference removes with its Dispatcher. */
  public void removeBindings(Set<ResourceName> dispatchers) {
    all(ClusterRoleBinding.class).all().stream()
        .filter(binding -> !dispatchers.contains(dispatcher(binding)))
        .forEach(binding -> client.resource(binding).delete());
  }

  @Override
  public void close() {
    kinds.values().forEach(Watched::close);
  }
}
