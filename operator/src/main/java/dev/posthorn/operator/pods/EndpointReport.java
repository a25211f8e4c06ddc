package dev.posthorn.operator.pods;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.posthorn.core.config.ResourceName;
import dev.posthorn.crds.WebhookEndpointStatus.Delivery;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How one endpoint does, as {@code GET /internal/endpoints} says.
 *
 * @param state Healthy, Failing, Disabled, Suspended, Paused or Unknown
 * @param since when that began, RFC 3339
 * @param lastErrorClass class of the last failed attempt
 * @param nextStep one sentence for people
 * @param deadLettersAtLeast 0, 1, 10, 100, 1000 or 10000
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record EndpointReport(
    String namespace,
    String name,
    String state,
    @Nullable String since,
    @Nullable String lastErrorClass,
    @Nullable String nextStep,
    int deadLettersAtLeast) {

  ResourceName endpoint() {
    return new ResourceName(namespace, name);
  }

  /** Whether {@code other} tells people nothing new. */
  public boolean sameAs(@Nullable EndpointReport other) {
    return other != null
        && state.equals(other.state)
        && Objects.equals(lastErrorClass, other.lastErrorClass)
        && deadLettersAtLeast == other.deadLettersAtLeast;
  }

  /** Whether an endpoint's status says all of it already. */
  public boolean isSaidBy(@Nullable Delivery status) {
    return status != null
        && state.equals(status.state())
        && Objects.equals(lastErrorClass, status.lastErrorClass())
        && deadLettersAtLeast == Objects.requireNonNullElse(status.deadLettersAtLeast(), 0);
  }

  /** A page of them. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record Page(@Nullable String cursor, @Nullable List<EndpointReport> endpoints) {}
}
