package dev.posthorn.dispatcher;

import dev.posthorn.core.config.Configuration;
import dev.posthorn.core.config.EndpointConfig;
import dev.posthorn.core.config.ResourceName;
import dev.posthorn.dispatcher.store.EndpointRow;
import dev.posthorn.dispatcher.store.EndpointState;
import dev.posthorn.dispatcher.store.Holds;
import dev.posthorn.dispatcher.store.Lane;
import dev.posthorn.dispatcher.store.StoreThread;
import dev.posthorn.dispatcher.store.Write;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * All endpoints that the store knows, with their present health; also those whose resource is gone.
 * Thread-safe.
 */
final class EndpointRegistry {
  private final Map<ResourceName, EndpointRow> byName = new ConcurrentHashMap<>();
  private final Map<Integer, EndpointRow> byNumber = new ConcurrentHashMap<>();
  private final Map<Integer, CompletableFuture<EndpointRow>> changes = new ConcurrentHashMap<>();
  private final Map<Integer, String> unsendable = new ConcurrentHashMap<>();
  private final Map<Integer, Instant> refused = new ConcurrentHashMap<>();
  private final Map<Integer, Instant> lastSuccess = new ConcurrentHashMap<>();
  private final Map<Integer, Instant> removed = new ConcurrentHashMap<>();

  /** Takes in what the store has when the process starts. */
  EndpointRegistry(Collection<EndpointRow> stored) {
    for (EndpointRow row : stored) {
      put(row);
      Instant gone = row.health().removedTime();
      if (gone != null) {
        removed.put(row.number(), gone);
      }
    }
  }

  private void put(EndpointRow row) {
    byName.put(row.name(), row);
    byNumber.put(row.number(), row);
  }

  /** Gives every endpoint a number; blocks until new ones are durable. */
  void register(Configuration configuration, StoreThread store) {
    List<CompletableFuture<EndpointRow>> pending = new ArrayList<>();
    for (EndpointConfig each : configuration.endpoints().values()) {
      EndpointRow known = byName.get(each.name());
      if (known == null || !known.tenant().equals(each.tenant())) {
        pending.add(
            store.register(new Write.Register(each.name(), each.tenant(), Lane.of(each.tenant()))));
      }
    }
    pending.forEach(row -> put(row.join()));
  }

  /** Tells the store which endpoints are gone from now on, and which are back. */
  void declared(Set<ResourceName> names, Instant now, StoreThread store) {
    for (EndpointRow row : byNumber.values()) {
      boolean there = names.contains(row.name());
      if (there && removed.remove(row.number()) != null) {
        store.removal(row.number(), null);
      } else if (!there && removed.putIfAbsent(row.number(), now) == null) {
        store.removal(row.number(), now);
      }
    }
  }

  /** The numbers by name. */
  Map<ResourceName, Integer> numbers() {
    var numbers = new HashMap<ResourceName, Integer>();
    byName.forEach((name, row) -> numbers.put(name, row.number()));
    return numbers;
  }

  /** The endpoint with a number that the store gave. */
  EndpointRow row(int number) {
    EndpointRow row = byNumber.get(number);
    if (row == null) {
      throw new IllegalStateException("the store never gave an endpoint the number " + number);
    }
    return row;
  }

  /** The endpoint of that number, unless its tenant was erased. */
  Optional<EndpointRow> find(int number) {
    return Optional.ofNullable(byNumber.get(number));
  }

  /**
   * Forgets endpoints of a tenant that is erased, and of those that stay why requests could not be
   * made: that may name what was in them.
   */
  void erase(String tenant, Collection<Integer> gone) {
    ofTenant(tenant).forEach(row -> unsendable.remove(row.number()));
    for (int number : gone) {
      EndpointRow row = byNumber.remove(number);
      if (row != null) {
        byName.remove(row.name(), row);
      }
      lastSuccess.remove(number);
      refused.remove(number);
      removed.remove(number);
    }
  }

  /** The endpoint of that name, also once its resource is gone. */
  Optional<EndpointRow> find(ResourceName name) {
    return Optional.ofNullable(byName.get(name));
  }

  /** How many endpoints in a state this process sends to. */
  long count(EndpointState state, Predicate<String> own) {
    return byNumber.values().stream()
        .filter(row -> row.health().state() == state && own.test(row.tenant()))
        .count();
  }

  /** All endpoints of a tenant, also those whose resource is gone. */
  List<EndpointRow> ofTenant(String tenant) {
    return byNumber.values().stream().filter(row -> row.tenant().equals(tenant)).toList();
  }

  /** Takes note of a change of health. */
  EndpointRow health(int number, EndpointRow.Health health) {
    EndpointRow row = row(number);
    var changed = new EndpointRow(number, row.name(), row.tenant(), health, row.holds());
    put(changed);
    return changed;
  }

  /** Tells those who wait for it that a change of health is on its way to the store. */
  void saved(EndpointRow changed) {
    CompletableFuture<EndpointRow> waiting = changes.remove(changed.number());
    if (waiting != null) {
      waiting.complete(changed);
    }
  }

  /** Takes in what another process wrote of endpoints, and tells those who wait for it. */
  void refresh(Collection<EndpointRow> stored) {
    for (EndpointRow row : stored) {
      EndpointRow before = byNumber.get(row.number());
      put(row);
      boolean changed = before != null && !before.health().equals(row.health());
      CompletableFuture<EndpointRow> waiting = changed ? changes.remove(row.number()) : null;
      if (waiting != null) {
        waiting.complete(row);
      }
    }
  }

  /** Takes note of when an endpoint got nothing on purpose. */
  void holds(int number, Holds holds) {
    EndpointRow row = row(number);
    put(new EndpointRow(number, row.name(), row.tenant(), row.health(), holds));
  }

  /** Completes with the next change of health of an endpoint. */
  CompletableFuture<EndpointRow> nextHealth(int number) {
    return changes.computeIfAbsent(number, _ -> new CompletableFuture<>());
  }

  /** Takes note of a delivery. */
  void delivered(int number, Instant time) {
    lastSuccess.put(number, time);
    unsendable.remove(number);
    refused.remove(number);
  }

  /** Takes note that a receiver answered 401 or 403: he may have another key. */
  void refused(int number, Instant time) {
    refused.put(number, time);
  }

  /** When a receiver last answered so; empty where it has taken something since. */
  Optional<Instant> refused(int number) {
    return Optional.ofNullable(refused.get(number));
  }

  /** Takes note that a request could not be made, which is no fault of the receiver. */
  void unsendable(int number, String reason) {
    unsendable.put(number, reason);
  }

  /** Why the last request to an endpoint could not be made; empty where it could. */
  Optional<String> unsendable(int number) {
    return Optional.ofNullable(unsendable.get(number));
  }

  /** The last delivery, as far as this process or the store knows. */
  @Nullable Instant lastSuccess(int number) {
    Instant seen = lastSuccess.get(number);
    return seen != null ? seen : row(number).health().lastSuccess();
  }
}
