package dev.posthorn.operator.pods;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.posthorn.core.config.KeyDenial;
import dev.posthorn.core.config.ResourceName;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What {@code GET /internal/config} of one pod says.
 *
 * @param version all config objects up to this resource version are in effect, or refused
 * @param ageSeconds how long ago the pod last knew that it has everything
 * @param rejected config objects that it cannot work with, and why
 * @param denials keys that callers of its API revoked
 * @param streams whether each is connected: a reason of the condition {@code Connected}
 */
public record PodReport(
    long version,
    long ageSeconds,
    Map<String, String> rejected,
    List<KeyDenial> denials,
    Map<ResourceName, String> streams) {
  /** Copies maps and list. */
  public PodReport {
    rejected = Map.copyOf(rejected);
    streams = Map.copyOf(streams);
    denials = List.copyOf(denials);
  }

  /** The answer as it is on the wire. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record Wire(
      @Nullable String watchedResourceVersion,
      long ageSeconds,
      @Nullable List<Rejected> rejected,
      @Nullable List<Denied> denials,
      @Nullable List<StreamState> streams) {

    PodReport report() {
      return new PodReport(
          watchedResourceVersion == null ? 0 : Long.parseLong(watchedResourceVersion),
          ageSeconds,
          Objects.requireNonNullElse(rejected, List.<Rejected>of()).stream()
              .collect(Collectors.toMap(Rejected::object, Rejected::error, (a, b) -> a)),
          Objects.requireNonNullElse(denials, List.<Denied>of()).stream()
              .map(Denied::denial)
              .toList(),
          Objects.requireNonNullElse(streams, List.<StreamState>of()).stream()
              .collect(Collectors.toMap(StreamState::stream, StreamState::state, (a, b) -> a)));
    }
  }

  /** A config object, by the name of its Secret. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record Rejected(String object, String error) {}

  /** A stream. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record StreamState(String namespace, String name, String state) {
    private ResourceName stream() {
      return new ResourceName(namespace, name);
    }
  }

  /** A key. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record Denied(String keyringId, String keyId, String time) {
    private KeyDenial denial() {
      return new KeyDenial(keyringId, keyId, Instant.parse(time));
    }
  }

  /** Why the pod cannot work with a config object; empty where it can. */
  Optional<String> error(String object) {
    return Optional.ofNullable(rejected.get(object));
  }
}
