package dev.posthorn.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the operator reports of an endpoint. Nothing is decided from it. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record WebhookEndpointStatus(
    @JsonPropertyDescription("The generation of spec that this status was computed from.") @Min(0)
        @Nullable Long observedGeneration,
    @JsonPropertyDescription(
            "Accepted, ResolvedRefs, Programmed, Ready, Delivering and, when only a change helps, Stalled.")
        @Size(max = 16)
        @Listing(key = "type")
        List<Condition> conditions,
    @JsonPropertyDescription("Host of the URL; the origin only where the URL is a credential.")
        @Size(max = 260)
        @Nullable String host,
    @JsonPropertyDescription("The tenant whose events are delivered.") @Size(max = Bounds.LABEL_MAX)
        @Nullable String tenant,
    @JsonPropertyDescription("How the receiver does, as the Dispatcher reports it.")
        @Nullable Delivery delivery) {
  /** Fills in what is absent. */
  public WebhookEndpointStatus {
    conditions = Absent.list(conditions);
  }

  /** How the receiver does. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Delivery(
      @JsonPropertyDescription("Healthy, Failing, Disabled, Suspended, Paused or Unknown.")
          @OneOf({"Healthy", "Failing", "Disabled", "Suspended", "Paused", "Unknown"})
          @Size(max = 32)
          String state,
      @JsonPropertyDescription("When the state began, RFC 3339.") @Time @Nullable String since,
      @JsonPropertyDescription("Class of the last failed attempt, such as connect_timeout.")
          @Size(max = 64)
          @Nullable String lastErrorClass,
      @JsonPropertyDescription(
              "One sentence for people: since when, why, how much waits, what happens next, what to do.")
          @Size(max = 1024)
          @Nullable String nextStep,
      @JsonPropertyDescription("Dead letters, rounded down to 0, 1, 10, 100, 1000 or 10000.")
          @Min(0)
          @Nullable Integer deadLettersAtLeast) {}
}
