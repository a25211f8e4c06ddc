package dev.posthorn.e2e.keys;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.EmptyWebhookSecretException;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import dev.posthorn.e2e.fixture.Received;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Receivers that each hold one key at a time and verify every request with the official library;
 * each changes its key when it is told to. Any thread.
 */
final class Customers {
  /** A request as it was judged when it came. */
  record Arrival(String endpoint, String eventId, Instant time, Received request) {}

  private final Map<String, String> keys = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<Arrival> arrivals = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();

  Customers(List<String> endpoints, String key) {
    endpoints.forEach(endpoint -> keys.put(endpoint, key));
  }

  /** The answer to a request, whose path is the name of its endpoint. */
  int receive(Received request) {
    String endpoint = request.path().substring(1);
    arrivals.add(new Arrival(endpoint, request.eventId(), request.time(), request));
    if (verifies(request, keys.getOrDefault(endpoint, ""))) {
      return 204;
    }
    failures.add(
        endpoint + " at " + request.time() + ": " + request.find("webhook-signature").orElse("-"));
    return 401;
  }

  void switches(String endpoint, String key) {
    keys.put(endpoint, key);
  }

  static boolean verifies(Received request, String key) {
    if (request.find("webhook-signature").isEmpty()) {
      return false;
    }
    try {
      new Webhook(key).verify(request.text(), request.headers());
      return true;
    } catch (WebhookVerificationException | EmptyWebhookSecretException wrong) {
      return false;
    }
  }

  List<String> failures() {
    return List.copyOf(failures);
  }

  List<Arrival> arrivals() {
    return List.copyOf(arrivals);
  }

  /** How many requests came. */
  int count() {
    return arrivals.size();
  }

  /** Event ids that an endpoint did not get, by endpoint; empty when nothing is missing. */
  Map<String, Set<String>> missing(Set<String> published) {
    var got = new HashMap<String, Set<String>>();
    arrivals.forEach(
        each -> got.computeIfAbsent(each.endpoint(), _ -> new HashSet<>()).add(each.eventId()));
    var missing = new HashMap<String, Set<String>>();
    for (String endpoint : new ArrayList<>(keys.keySet())) {
      var left = new HashSet<>(published);
      left.removeAll(got.getOrDefault(endpoint, Set.of()));
      if (!left.isEmpty()) {
        missing.put(endpoint, left);
      }
    }
    return missing;
  }
}
