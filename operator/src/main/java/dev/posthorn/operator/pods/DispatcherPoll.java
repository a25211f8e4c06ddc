package dev.posthorn.operator.pods;

import dev.posthorn.core.config.ConfigObject;
import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.resolve.ResourceRef;
import dev.posthorn.crds.WebhookEndpoint;
import dev.posthorn.crds.WebhookEndpointStatus;
import dev.posthorn.crds.WebhookEndpointStatus.Delivery;
import dev.posthorn.operator.cluster.ClusterCache;
import dev.posthorn.operator.cluster.ConfigSecret;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Asks the pods of one Dispatcher, and keeps what they said. One thread polls; any reads. */
final class DispatcherPoll {
  /** Between two looks while something has not come all the way. */
  private static final Duration SOON = Duration.ofSeconds(1);

  /** Between two looks while a stream is not connected or a pod has no watch. */
  private static final Duration UNSETTLED = Duration.ofSeconds(5);

  /** Between two looks otherwise. */
  private static final Duration QUIET = Duration.ofSeconds(30);

  /** Between two looks at how endpoints do. */
  private static final Duration HEALTH = Duration.ofSeconds(15);

  private static final int MANAGEMENT_PORT = 9090;
  private static final String MANAGEMENT = "management";

  /** What {@code /readyz} calls it. */
  private static final String STORE = "store";

  private final ResourceName dispatcher;
  private final ClusterCache cache;
  private final PodClient client;
  private final PodListener listener;
  private final InstantSource clock;
  private final Waiting waiting = new Waiting();
  private final Map<ResourceName, EndpointReport> health = new ConcurrentHashMap<>();
  private final Map<String, String> cursors = new HashMap<>(); // of the polling thread
  private volatile Seen seen = Seen.NOTHING;
  private volatile @Nullable String storeProblem;
  private volatile boolean unready;
  private volatile boolean soon = true;
  private Instant nextLook = Instant.MIN; // of the polling thread
  private Instant nextHealth = Instant.MIN; // of the polling thread

  DispatcherPoll(
      ResourceName dispatcher,
      ClusterCache cache,
      PodClient client,
      PodListener listener,
      InstantSource clock) {
    this.dispatcher = dispatcher;
    this.cache = cache;
    this.client = client;
    this.listener = listener;
    this.clock = clock;
  }

  Seen seen() {
    return seen;
  }

  @Nullable String storeProblem() {
    return storeProblem;
  }

  Waiting waiting() {
    return waiting;
  }

  @Nullable EndpointReport health(ResourceName endpoint) {
    return health.get(endpoint);
  }

  /** Looks at the next occasion, whatever was planned. */
  void soon() {
    soon = true;
  }

  /** When there is something to do. */
  Instant next() {
    if (soon) {
      return Instant.MIN;
    }
    Instant look = nextLook;
    if (!waiting.isEmpty()) {
      look = earlier(look, lastLook().plus(SOON));
    } else if (unready || seen.connecting() || seen.stale()) {
      look = earlier(look, lastLook().plus(UNSETTLED));
    }
    return earlier(look, nextHealth);
  }

  private Instant lastLook() {
    return nextLook.equals(Instant.MIN) ? nextLook : nextLook.minus(QUIET);
  }

  private static Instant earlier(Instant first, Instant second) {
    return first.isBefore(second) ? first : second;
  }

  /** Does what is due. */
  void poll() {
    soon = false;
    Instant now = clock.instant();
    List<PodClient.Address> pods = pods(DispatcherPoll::isReady);
    Seen before = seen;
    Seen after =
        new Seen(
            pods.size(),
            pods.stream()
                .flatMap(pod -> client.get(pod, "/internal/config", PodReport.Wire.class).stream())
                .map(PodReport.Wire::report)
                .toList());
    seen = after;
    nextLook = now.plus(QUIET);
    for (ResourceRef source : waiting.further(after)) {
      listener.programmed(source);
    }
    lookAtStores();
    if (after.stale() != before.stale()) {
      listener.stale(dispatcher);
    }
    after.changedStreams(before).forEach(listener::stream);
    if (!after.denials().equals(before.denials())) {
      listener.denials(dispatcher);
    }
    if (!nextHealth.isAfter(now)) {
      pods.forEach(this::health);
      nextHealth = now.plus(HEALTH);
    }
  }

  /** What pods that are not ready say of their store. */
  private void lookAtStores() {
    List<PodClient.Address> pods = pods(pod -> !isReady(pod));
    String problem =
        pods.stream().flatMap(pod -> client.missing(pod, STORE).stream()).findFirst().orElse(null);
    String before = storeProblem;
    storeProblem = problem;
    unready = !pods.isEmpty();
    if (!Objects.equals(before, problem)) {
      listener.store(dispatcher);
    }
  }

  private void health(PodClient.Address pod) {
    String cursor = cursors.get(pod.host());
    String path = "/internal/endpoints" + (cursor == null ? "" : "?since=" + cursor);
    client
        .get(pod, path, EndpointReport.Page.class)
        .ifPresent(page -> {
          if (page.cursor() != null) {
            cursors.put(pod.host(), page.cursor());
          }
          Objects.requireNonNullElse(page.endpoints(), List.<EndpointReport>of())
              .forEach(this::take);
        });
  }

  private void take(EndpointReport report) {
    EndpointReport former = health.put(report.endpoint(), report);
    if (former == null ? !report.isSaidBy(stated(report)) : !report.sameAs(former)) {
      listener.health(report.endpoint());
    }
  }

  /** A new process hears of all endpoints at once: most of their statuses say so already. */
  private @Nullable Delivery stated(EndpointReport report) {
    return cache
        .endpoint(report.endpoint())
        .map(WebhookEndpoint::getStatus)
        .map(WebhookEndpointStatus::delivery)
        .orElse(null);
  }

  private List<PodClient.Address> pods(Predicate<Pod> wanted) {
    Optional<String> token = token();
    return cache.pods(dispatcher).stream()
        .filter(DispatcherPoll::answers)
        .filter(wanted)
        .flatMap(pod ->
            token.stream()
                .map(text -> new PodClient.Address(pod.getStatus().getPodIP(), port(pod), text)))
        .toList();
  }

  private static boolean answers(Pod pod) {
    return pod.getMetadata().getDeletionTimestamp() == null
        && pod.getStatus() != null
        && pod.getStatus().getPodIP() != null;
  }

  private static boolean isReady(Pod pod) {
    return pod.getStatus().getConditions().stream()
        .anyMatch(each -> each.getType().equals("Ready") && each.getStatus().equals("True"));
  }

  private static int port(Pod pod) {
    return pod.getSpec().getContainers().stream()
        .flatMap(container -> container.getPorts().stream())
        .filter(port -> MANAGEMENT.equals(port.getName()))
        .map(port -> port.getContainerPort())
        .findFirst()
        .orElse(MANAGEMENT_PORT);
  }

  private Optional<String> token() {
    return cache
        .config(ConfigSecret.name(dispatcher.namespace(), ConfigObject.SETTINGS, dispatcher))
        .flatMap(ConfigSecret::token);
  }
}
