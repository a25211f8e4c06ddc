package dev.posthorn.operator.reconcile;

import dev.posthorn.core.config.EndpointConfig;
import dev.posthorn.core.resolve.Resolved;
import dev.posthorn.core.resolve.Resource;
import dev.posthorn.crds.ConditionType;
import dev.posthorn.crds.Reason;
import dev.posthorn.crds.WebhookEndpointSpec;
import dev.posthorn.crds.WebhookEndpointStatus;
import dev.posthorn.crds.WebhookEndpointStatus.Delivery;
import dev.posthorn.operator.reconcile.Stated.Truth;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The status of a WebhookEndpoint. Pure. */
final class EndpointStatus {
  private static final WebhookEndpointStatus NOTHING =
      new WebhookEndpointStatus(null, List.of(), null, null, null);

  private EndpointStatus() {}

  /** The status that is there, in our order. */
  static WebhookEndpointStatus former(@Nullable WebhookEndpointStatus status) {
    return status == null
        ? NOTHING
        : new WebhookEndpointStatus(
            status.observedGeneration(),
            Conditions.sorted(status.conditions()),
            status.host(),
            status.tenant(),
            status.delivery());
  }

  static List<Stated> stated(
      Resolved<EndpointConfig> resolved, Stated programmed, @Nullable Delivery delivery) {
    return Stream.concat(
            resolved.conditions().stream().map(Stated::of),
            Stream.of(programmed, delivering(delivery)))
        .toList();
  }

  private static Stated delivering(@Nullable Delivery delivery) {
    if (delivery == null) {
      return Stated.of(
          ConditionType.Delivering, Truth.Unknown, Reason.NoTraffic, "no delivery yet");
    }
    String message = delivery.nextStep() == null ? "see the delivery log" : delivery.nextStep();
    return switch (delivery.state()) {
      case "Healthy" -> Stated.of(ConditionType.Delivering, Truth.True, Reason.Delivering, message);
      case "Failing" -> Stated.of(ConditionType.Delivering, Truth.False, Reason.Failing, message);
      case "Disabled" -> Stated.of(ConditionType.Delivering, Truth.False, Reason.Disabled, message);
      case "Suspended" ->
          Stated.of(ConditionType.Delivering, Truth.False, Reason.Suspended, message);
      case "Paused" -> Stated.of(ConditionType.Delivering, Truth.False, Reason.Paused, message);
      default ->
          Stated.of(ConditionType.Delivering, Truth.Unknown, Reason.NoTraffic, "no delivery yet");
    };
  }

  static WebhookEndpointStatus of(
      @Nullable Long generation,
      Resource<WebhookEndpointSpec> endpoint,
      Resolved<EndpointConfig> resolved,
      Conditions conditions,
      Mirror mirror) {
    Optional<EndpointConfig> config = resolved.config();
    return new WebhookEndpointStatus(
        generation,
        conditions.list(),
        config
            .map(each -> each.target().url())
            .or(() -> Optional.ofNullable(endpoint.content().url()))
            .flatMap(EndpointStatus::host)
            .orElse(null),
        config
            .map(EndpointConfig::tenant)
            .or(() -> Optional.ofNullable(endpoint.content().tenant()))
            .orElse(null),
        mirror.delivery());
  }

  /** The host alone: the rest of a URL may be a credential. */
  private static Optional<String> host(String url) {
    try {
      return Optional.ofNullable(URI.create(url).getHost());
    } catch (IllegalArgumentException unreadable) {
      return Optional.empty();
    }
  }
}
