package dev.posthorn.dispatcher.snapshot;

import dev.posthorn.core.config.Configuration;
import dev.posthorn.core.config.DispatcherSettings;
import dev.posthorn.core.config.DispatcherSettings.Tenancy;
import dev.posthorn.core.config.EndpointConfig;
import dev.posthorn.core.config.KeysConfig;
import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.config.StreamConfig;
import dev.posthorn.core.egress.EgressGuard;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Everything that is declared, at one instant. Immutable, any thread. */
public final class Snapshot {
  private final Configuration configuration;
  private final EgressGuard guard;
  private final Map<Integer, Destination> destinations;
  private final Map<String, Subscribers> subscribers;

  Snapshot(
      Configuration configuration,
      EgressGuard guard,
      Map<Integer, Destination> destinations,
      Map<String, Subscribers> subscribers) {
    this.configuration = configuration;
    this.guard = guard;
    this.destinations = destinations;
    this.subscribers = subscribers;
  }

  /** Settings of the whole dispatcher. */
  public DispatcherSettings settings() {
    return configuration.settings();
  }

  /** What may be reached; the same instance as long as the policy is the same. */
  public EgressGuard guard() {
    return guard;
  }

  /** The endpoint with this number, unless it is not configured any more. */
  public Optional<Destination> destination(int number) {
    return Optional.ofNullable(destinations.get(number));
  }

  /** All endpoints. */
  public Collection<Destination> destinations() {
    return destinations.values();
  }

  /** What the endpoints of a tenant want. */
  public Subscribers subscribers(String tenant) {
    return subscribers.getOrDefault(tenant, Subscribers.NONE);
  }

  /**
   * The endpoint that gets the system events of all tenants.
   *
   * @param tenant whose it is
   */
  public record Alerts(String tenant, Subscriber subscriber) {}

  /** Who gets the system events of all tenants; empty where nobody does, or is not there. */
  public Optional<Alerts> alerts() {
    ResourceName name = settings().alerts();
    EndpointConfig config = name == null ? null : configuration.endpoints().get(name);
    return config == null
        ? Optional.empty()
        : subscribers(config.tenant()).all().stream()
            .filter(each -> each.name().equals(config.name()))
            .findFirst()
            .map(each -> new Alerts(config.tenant(), each));
  }

  /**
   * The keys of a tenant's SigningSecret. Where endpoints name their tenants, it belongs to the one
   * tenant whose endpoints use it; where those of two do, to none: neither may break the other.
   */
  public Optional<KeysConfig> keys(String tenant, String signingSecret) {
    return configuration.keys().values().stream()
        .filter(each -> each.name().name().equals(signingSecret))
        .filter(each -> tenantOf(each.name()).filter(tenant::equals).isPresent())
        .findFirst();
  }

  /** The keys that an endpoint's requests are signed with. */
  public List<KeysConfig> keysOf(EndpointConfig endpoint) {
    return endpoint.signatures().stream()
        .flatMap(each -> Stream.ofNullable(each.keys()))
        .flatMap(name -> Stream.ofNullable(configuration.keys().get(name)))
        .toList();
  }

  /** All keys. */
  public Collection<KeysConfig> keys() {
    return configuration.keys().values();
  }

  /** Whose the keys of a SigningSecret are; empty where that is not one tenant. */
  public Optional<String> tenantOf(ResourceName signingSecret) {
    if (settings().tenancy() == Tenancy.NAMESPACE) {
      return Optional.of(signingSecret.namespace());
    }
    List<String> users =
        configuration.endpoints().values().stream()
            .filter(
                each -> each.signatures().stream().anyMatch(of -> signingSecret.equals(of.keys())))
            .map(EndpointConfig::tenant)
            .distinct()
            .toList();
    return users.size() == 1 ? Optional.of(users.getFirst()) : Optional.empty();
  }

  /** The streams to read from. */
  public Collection<StreamConfig> streams() {
    return List.copyOf(configuration.streams().values());
  }

  Configuration configuration() {
    return configuration;
  }
}
