package dev.posthorn.dispatcher.api;

import dev.posthorn.dispatcher.store.AuditEntry;
import dev.posthorn.dispatcher.store.StoreUnavailableException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Endpoints that a test has declared; re-enabling one makes it healthy. */
final class FixedEndpoints implements EndpointDirectory {
  private final TreeMap<String, Integer> numbers = new TreeMap<>();
  private final TreeMap<String, EndpointStatus> declared = new TreeMap<>();
  volatile boolean away;

  void add(String tenant, String name, int number) {
    numbers.put(tenant + "/" + name, number);
    put(status(tenant, name, EndpointStatus.State.UNKNOWN));
  }

  void put(EndpointStatus status) {
    declared.put(status.tenant() + "/" + status.name(), status);
  }

  static EndpointStatus status(String tenant, String name, EndpointStatus.State state) {
    return new EndpointStatus(
        name,
        tenant,
        null,
        state,
        null,
        "Nothing was sent yet: publish an event.",
        0,
        0,
        null,
        List.of());
  }

  /** Its resource goes. */
  void remove(String tenant, String name) {
    declared.remove(tenant + "/" + name);
  }

  private void check() {
    if (away) {
      throw new StoreUnavailableException("disk full", false, new IllegalStateException("test"));
    }
  }

  @Override
  public List<EndpointStatus> list(String tenant, @Nullable String after, int limit) {
    check();
    return declared.tailMap(tenant + "/" + (after == null ? "" : after), false).values().stream()
        .filter(endpoint -> endpoint.tenant().equals(tenant))
        .limit(limit)
        .toList();
  }

  @Override
  public Optional<EndpointStatus> find(String tenant, String name) {
    check();
    return Optional.ofNullable(declared.get(tenant + "/" + name));
  }

  @Override
  public OptionalInt number(String tenant, String name) {
    Integer number = numbers.get(tenant + "/" + name);
    return number == null ? OptionalInt.empty() : OptionalInt.of(number);
  }

  @Override
  public String name(int number) {
    return numbers.entrySet().stream()
        .filter(entry -> entry.getValue() == number)
        .map(entry -> entry.getKey().split("/", 2)[1])
        .findFirst()
        .orElseThrow();
  }

  @Override
  public Optional<EndpointStatus> enable(AuditEntry entry, String name) {
    String tenant = entry.tenant();
    check();
    return find(tenant, name)
        .map(was -> status(tenant, name, EndpointStatus.State.HEALTHY))
        .map(healthy -> {
          put(healthy);
          return healthy;
        });
  }
}
