package dev.posthorn.operator.cluster;

import dev.posthorn.core.config.ConfigObject;
import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.keyring.Keyring;
import dev.posthorn.core.keyring.KeyringReading;
import dev.posthorn.core.resolve.ClusterResolver;
import dev.posthorn.core.resolve.Data;
import dev.posthorn.core.resolve.Kind;
import dev.posthorn.core.resolve.Neighbours;
import dev.posthorn.core.resolve.Origin;
import dev.posthorn.core.resolve.Resource;
import dev.posthorn.core.resolve.ResourceRef;
import dev.posthorn.crds.Api;
import dev.posthorn.crds.Dispatcher;
import dev.posthorn.crds.DispatcherSpec;
import dev.posthorn.crds.EventStream;
import dev.posthorn.crds.SignatureScheme;
import dev.posthorn.crds.SignatureSchemeSpec;
import dev.posthorn.crds.SigningSecret;
import dev.posthorn.crds.SigningSecretSpec;
import dev.posthorn.crds.WebhookEndpoint;
import dev.posthorn.crds.WebhookEndpointSpec;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * All that reconcilers look up: the objects that others refer to, the keyrings, the config objects,
 * the pods. One watch a kind, whoever asks. Thread-safe; answers from memory.
 *
 * <p>Of core Secrets and ConfigMaps it holds those alone whose authors consented by the label. Of
 * another one it asks the API server, each time, so that people are told which of both is missing:
 * the object or its label. What is in it is dropped at once.
 */
public final class ClusterCache implements Neighbours, AutoCloseable {
  private final KubernetesClient client;
  private final Watched<Dispatcher> dispatchers;
  private final Watched<SignatureScheme> schemes;
  private final Watched<SigningSecret> signingSecrets;
  private final Watched<Secret> readableSecrets;
  private final Watched<ConfigMap> readableConfigMaps;
  private final Watched<Secret> keyrings;
  private final Watched<Secret> configs;
  private final ReferringStore<WebhookEndpoint> endpoints;
  private final ReferringStore<EventStream> streams;
  private final Watched<ConfigMap> roots;
  private final Watched<Namespace> namespaces;
  private final Watched<Pod> pods;
  private final Recent recentKeyrings = new Recent();
  private final Recent recentConfigs = new Recent();

  /** Prepares the watches; {@link #start} begins them. */
  public ClusterCache(KubernetesClient client, ChangeListener listener) {
    this.client = client;
    dispatchers =
        referred(client.resources(Dispatcher.class).inAnyNamespace(), Kind.DISPATCHER, listener);
    schemes = referred(client.resources(SignatureScheme.class), Kind.SIGNATURE_SCHEME, listener);
    signingSecrets =
        referred(
            client.resources(SigningSecret.class).inAnyNamespace(), Kind.SIGNING_SECRET, listener);
    readableSecrets =
        referred(
            client.secrets().inAnyNamespace().withLabel(Api.READABLE_LABEL, "true"),
            Kind.SECRET,
            listener);
    readableConfigMaps =
        referred(
            client.configMaps().inAnyNamespace().withLabel(Api.READABLE_LABEL, "true"),
            Kind.CONFIG_MAP,
            listener);
    keyrings =
        written(
            client.secrets().inAnyNamespace().withField("type", Names.KEYRING_TYPE),
            recentKeyrings,
            each -> keyring(each, listener));
    configs =
        written(
            client.secrets().inAnyNamespace().withLabel(ConfigObject.LABEL),
            recentConfigs,
            each -> config(each, listener));
    endpoints =
        new ReferringStore<>(
            each -> refers(AsResource.of(each), listener),
            each -> listener.refers(AsResource.ref(Kind.WEBHOOK_ENDPOINT, each), Set.of()));
    streams =
        new ReferringStore<>(
            each -> refers(AsResource.of(each), listener),
            each -> listener.refers(AsResource.ref(Kind.EVENT_STREAM, each), Set.of()));
    roots =
        new Watched<>(
            client
                .configMaps()
                .inAnyNamespace()
                .withLabel(Names.MANAGED_BY_LABEL, Names.MANAGED_BY),
            each -> root(each, listener));
    namespaces =
        new Watched<>(
            client.namespaces(), each -> listener.namespace(each.getMetadata().getName()));
    pods =
        installed(
            client
                .pods()
                .inAnyNamespace()
                .withLabel(Names.APPLICATION_LABEL, Names.DISPATCHER_APPLICATION),
            listener);
  }

  private static <T extends HasMetadata> Watched<T> referred(
      Informable<T> objects, Kind kind, ChangeListener listener) {
    return Watched.ofSpecs(objects, each -> listener.object(AsResource.ref(kind, each)));
  }

  /** Secrets that this process writes too. */
  private static Watched<Secret> written(
      Informable<Secret> secrets, Recent recent, Consumer<Secret> changed) {
    return new Watched<>(
        secrets,
        changed,
        each -> {
          recent.gone(each);
          changed.accept(each);
        });
  }

  /** What belongs to a Dispatcher, by its label. */
  private static <T extends HasMetadata> Watched<T> installed(
      Informable<T> objects, ChangeListener listener) {
    return new Watched<>(
        objects, each -> installation(each.getMetadata().getLabels(), Names.of(each), listener));
  }

  private static void refers(Resource<?> object, ChangeListener listener) {
    listener.refers(object.ref(), ClusterResolver.targets(object));
  }

  private void keyring(Secret secret, ChangeListener listener) {
    if (!recentKeyrings.isOwn(secret)) {
      listener.keyring(Names.signingSecret(Names.of(secret)));
    }
  }

  private void config(Secret secret, ChangeListener listener) {
    boolean own = recentConfigs.isOwn(secret);
    ConfigSecret.source(secret).ifPresent(source -> listener.config(source, own));
  }

  private static void root(ConfigMap object, ChangeListener listener) {
    installation(object.getMetadata().getLabels(), Names.of(object), listener);
    Names.dispatcher(Names.of(object)).ifPresent(listener::home);
  }

  private static void installation(
      Map<String, String> labels, ResourceName object, ChangeListener listener) {
    String dispatcher = labels.get(Names.INSTANCE_LABEL);
    if (dispatcher != null) {
      listener.installation(new ResourceName(object.namespace(), dispatcher));
    }
  }

  private Stream<Watched<?>> all() {
    return Stream.of(
        dispatchers,
        schemes,
        signingSecrets,
        readableSecrets,
        readableConfigMaps,
        keyrings,
        configs,
        roots,
        namespaces,
        pods);
  }

  /**
   * Begins all watches and waits for the first lists.
   *
   * @throws IllegalStateException if they are not all here in time; the message names the cure
   */
  public void start(Duration timeout) {
    CompletableFuture<?>[] lists =
        all().map(each -> each.start().toCompletableFuture()).toArray(CompletableFuture<?>[]::new);
    try {
      CompletableFuture.allOf(lists).orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS).join();
    } catch (CompletionException e) {
      throw new IllegalStateException(
          "the API server did not list all kinds within "
              + timeout.toSeconds()
              + " s: check that it answers, that the CRDs are there, and the operator's ClusterRole",
          e);
    }
  }

  /** Whether every watch is up. */
  public boolean live() {
    return all().allMatch(Watched::live);
  }

  @Override
  public Optional<Resource<Data>> data(ResourceRef ref) {
    return switch (ref.kind()) {
      case SECRET -> readableSecrets.get(ref.name()).map(AsResource::of).or(() -> unlabelled(ref));
      case CONFIG_MAP ->
          readableConfigMaps.get(ref.name()).map(AsResource::of).or(() -> unlabelled(ref));
      default -> throw new IllegalArgumentException(ref + " has no data");
    };
  }

  private Optional<Resource<Data>> unlabelled(ResourceRef ref) {
    var objects =
        ref.kind() == Kind.SECRET
            ? client.secrets().inNamespace(ref.name().namespace())
            : client.configMaps().inNamespace(ref.name().namespace());
    HasMetadata found = objects.withName(ref.name().name()).get();
    return found == null
        ? Optional.empty()
        : Optional.of(new Resource<>(ref, Map.of(), Data.of(Map.of()), Origin.UNKNOWN));
  }

  /** A WebhookEndpoint as resolvers see it; one that the watch has not shown yet is asked for. */
  public Optional<Resource<WebhookEndpointSpec>> declared(ResourceName name) {
    return endpoint(name)
        .or(() ->
            Optional.ofNullable(
                client
                    .resources(WebhookEndpoint.class)
                    .inNamespace(name.namespace())
                    .withName(name.name())
                    .get()))
        .map(AsResource::of);
  }

  @Override
  public Optional<Resource<DispatcherSpec>> dispatcher(ResourceName name) {
    return dispatchers.get(name).map(AsResource::of);
  }

  @Override
  public Optional<Resource<SignatureSchemeSpec>> scheme(String name) {
    return schemes.get(new ResourceName("", name)).map(AsResource::of);
  }

  @Override
  public Optional<Resource<SigningSecretSpec>> signingSecret(ResourceName name) {
    return signingSecrets.get(name).map(AsResource::of);
  }

  @Override
  public Optional<Keyring> keyring(ResourceName signingSecret) {
    return keyringSecret(signingSecret)
        .map(Keyrings::read)
        .flatMap(reading ->
            reading instanceof KeyringReading.Intact(Keyring keyring)
                ? Optional.of(keyring)
                : Optional.empty());
  }

  @Override
  public Map<String, String> namespaceLabels(String namespace) {
    return namespaces
        .get(new ResourceName("", namespace))
        .map(each ->
            Objects.requireNonNullElse(each.getMetadata().getLabels(), Map.<String, String>of()))
        .orElse(Map.of());
  }

  /**
   * Where the reconciler's own watch keeps WebhookEndpoints; what they refer to is told from here.
   */
  public ItemStore<WebhookEndpoint> endpoints() {
    return endpoints;
  }

  /** The same for EventStreams. */
  public ItemStore<EventStream> streams() {
    return streams;
  }

  /** A WebhookEndpoint as the reconciler's watch shows it. */
  public Optional<WebhookEndpoint> endpoint(ResourceName name) {
    return Optional.ofNullable(endpoints.get(Watched.key(name)));
  }

  /** Whether the watch of what may have a config object shows {@code source}. */
  public boolean knows(ResourceRef source) {
    ResourceName name = source.name();
    return switch (source.kind()) {
      case WEBHOOK_ENDPOINT -> endpoint(name).isPresent();
      case EVENT_STREAM -> streams.get(Watched.key(name)) != null;
      case SIGNING_SECRET -> signingSecrets.get(name).isPresent();
      case SIGNATURE_SCHEME -> schemes.get(name).isPresent();
      default -> throw new IllegalArgumentException(source + " has no config object");
    };
  }

  /** The Secret that holds a SigningSecret's keys. */
  public Optional<Secret> keyringSecret(ResourceName signingSecret) {
    ResourceName name = Names.keyring(signingSecret);
    return recentKeyrings.newest(name, keyrings.get(name));
  }

  /** The Secret of a config object. */
  public Optional<Secret> config(ResourceName secret) {
    return recentConfigs.newest(secret, configs.get(secret));
  }

  /** The Secrets of all config objects. */
  public List<Secret> configs() {
    return configs.all();
  }

  /** All Dispatchers. */
  public List<Dispatcher> dispatchers() {
    return dispatchers.all();
  }

  /** The ConfigMap that owns a Dispatcher's config objects. */
  public Optional<ConfigMap> configRoot(ResourceName dispatcher) {
    return roots.get(Names.configRoot(dispatcher));
  }

  /** The pods of a Dispatcher. */
  public List<Pod> pods(ResourceName dispatcher) {
    return pods.all().stream()
        .filter(pod -> pod.getMetadata().getNamespace().equals(dispatcher.namespace()))
        .filter(pod ->
            dispatcher.name().equals(pod.getMetadata().getLabels().get(Names.INSTANCE_LABEL)))
        .toList();
  }

  Recent recentKeyrings() {
    return recentKeyrings;
  }

  Recent recentConfigs() {
    return recentConfigs;
  }

  @Override
  public void close() {
    all().forEach(Watched::close);
  }
}
