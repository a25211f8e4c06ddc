package dev.posthorn.dispatcher.api;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the operator asks a dispatcher. Thread-safe, in memory. */
public interface OperatorView {
  /**
   * How far the dispatcher has followed the config objects.
   *
   * @param watchedResourceVersion all up to this one is in effect; null before the first full list
   * @param live whether the watch is established
   * @param ageSeconds how long it has not been; 0 while it is
   * @param rejected objects that are not in effect as they are written
   * @param denials keys revoked here, whatever the keyrings say
   * @param streams whether each stream is read
   */
  @JsonPropertyOrder({
    "watchedResourceVersion",
    "live",
    "ageSeconds",
    "rejected",
    "denials",
    "streams"
  })
  record ConfigSeen(
      @Nullable String watchedResourceVersion,
      boolean live,
      long ageSeconds,
      List<Rejected> rejected,
      List<Denial> denials,
      List<StreamHealth> streams) {}

  /**
   * A stream.
   *
   * @param state a reason of the condition {@code Connected}
   */
  @JsonPropertyOrder({"namespace", "name", "state"})
  record StreamHealth(String namespace, String name, String state) {}

  /**
   * An object that is not in effect as it is written.
   *
   * @param object the name of its Secret
   * @param error what is wrong, without a quotation
   */
  @JsonPropertyOrder({"object", "error"})
  record Rejected(String object, String error) {}

  /** A key that may not sign. */
  @JsonPropertyOrder({"keyringId", "keyId", "time"})
  record Denial(String keyringId, String keyId, Instant time) {}

  /**
   * Endpoints whose state changed.
   *
   * @param cursor to ask for the next ones with
   */
  @JsonPropertyOrder({"cursor", "endpoints"})
  record Changes(String cursor, List<EndpointHealth> endpoints) {}

  /**
   * An endpoint as its status shows it.
   *
   * @param since when the state began
   * @param lastErrorClass class of the last failure that counted; null for none
   * @param nextStep one sentence for people
   * @param deadLettersAtLeast 0, 1, 10, 100, 1000 or 10000
   */
  @JsonPropertyOrder({
    "namespace",
    "name",
    "state",
    "since",
    "lastErrorClass",
    "nextStep",
    "deadLettersAtLeast"
  })
  record EndpointHealth(
      String namespace,
      String name,
      EndpointStatus.State state,
      @Nullable Instant since,
      @Nullable String lastErrorClass,
      String nextStep,
      long deadLettersAtLeast) {}

  /** How far the dispatcher has come. */
  ConfigSeen config();

  /**
   * The endpoints whose state, error class or bucket of dead letters changed.
   *
   * @param cursor since that answer; null, or one of another process: all of which something is
   *     known
   */
  Changes endpoints(@Nullable String cursor);
}
