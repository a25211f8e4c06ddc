package dev.posthorn.dispatcher.api;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint as the API shows it. Its URL is not in it: that may be a credential.
 *
 * @param name unique in its tenant
 * @param tenant its tenant
 * @param host the host of its URL; null where the URL could not be read
 * @param state its health
 * @param since when that began; null where nothing is known yet
 * @param nextStep one sentence for people: since when, why, what waits, what follows, what to do
 * @param waiting open deliveries
 * @param deadLetters deliveries that ended without success and are kept
 * @param lastSuccessTime the last delivery; null for none
 * @param conditions as in the resource's status
 */
@JsonPropertyOrder({
  "name",
  "tenant",
  "host",
  "state",
  "since",
  "nextStep",
  "waiting",
  "deadLetters",
  "lastSuccessTime",
  "conditions"
})
public record EndpointStatus(
    String name,
    String tenant,
    @Nullable String host,
    State state,
    @Nullable Instant since,
    String nextStep,
    long waiting,
    long deadLetters,
    @Nullable Instant lastSuccessTime,
    List<Condition> conditions) {
  /** The health of an endpoint, as {@code status.delivery.state}. */
  public enum State {
    /** Deliveries succeed, or none was tried yet. */
    HEALTHY("Healthy"),
    /** Failures in a row: one probe at a time, the rest waits. */
    FAILING("Failing"),
    /** Nothing is sent until somebody re-enables it. */
    DISABLED("Disabled"),
    /** Its resource says {@code suspend: true}. */
    SUSPENDED("Suspended"),
    /**
     * No key of it may sign, and nothing is sent unsigned; or the configuration may be too old to
     * send by.
     */
    PAUSED("Paused"),
    /** Nothing is known yet. */
    UNKNOWN("Unknown");

    private final String wire;

    State(String wire) {
      this.wire = wire;
    }

    /** Whether what is due is sent, or tried at least. */
    boolean sends() {
      return this == HEALTHY || this == FAILING || this == UNKNOWN;
    }

    /** As resources and answers spell it. */
    @JsonValue
    public String wire() {
      return wire;
    }
  }

  /**
   * A condition of the resource.
   *
   * @param status {@code True}, {@code False} or {@code Unknown}
   */
  @JsonPropertyOrder({"type", "status", "reason", "message"})
  public record Condition(String type, String status, String reason, String message) {}
}
