package dev.posthorn.e2e.delivery;

import dev.posthorn.e2e.fixture.Manifests;
import dev.posthorn.e2e.fixture.Receiver;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * An endpoint of the main job, and what it must get, told in Java and in YAML independently.
 *
 * @param wants the events that it must get
 */
record Subscription(
    String tenant,
    String name,
    Scheme scheme,
    String types,
    String filter,
    Predicate<Entry> wants) {
  private static final List<Scheme> SCHEMES = List.of(Scheme.values());
  private static final int TENANTS = 20;
  private static final int ENDPOINTS = 30;

  /** Thirty over twenty tenants: all schemes, with and without types and filter. */
  static List<Subscription> all() {
    var all = new ArrayList<Subscription>();
    for (int i = 0; i < ENDPOINTS; i++) {
      String tenant = Entry.tenant(i % TENANTS);
      Scheme scheme = SCHEMES.get(i % SCHEMES.size());
      Predicate<Entry> own = entry -> entry.tenant().equals(tenant);
      all.add(
          switch (i / 2 % 3) {
            case 0 -> new Subscription(tenant, "e" + i, scheme, "\"*\"", "", own);
            case 1 ->
                new Subscription(
                    tenant,
                    "e" + i,
                    scheme,
                    "\"order.*\", invoice.paid",
                    "",
                    own.and(entry -> !entry.type().equals("debug")));
            default ->
                new Subscription(
                    tenant,
                    "e" + i,
                    scheme,
                    "\"order.*\"",
                    "event.data.amount > 50 && event.type != \"order.paid\"",
                    own.and(entry -> entry.type().equals("order.created") && entry.amount() > 50));
          });
    }
    return all;
  }

  /** Numbers of the entries that must arrive. */
  Set<Integer> expected(int entries) {
    return IntStream.range(0, entries)
        .mapToObj(Entry::new)
        .filter(wants)
        .map(Entry::n)
        .collect(Collectors.toSet());
  }

  /** Where its receiver listens. */
  String path() {
    return "/" + name;
  }

  /** The endpoint and its key as manifests. */
  String yaml(Receiver receiver) {
    boolean signed = scheme != Scheme.NONE;
    String signature =
        signed
            ? "{scheme: %s, signingSecretRef: {name: %s}}".formatted(scheme.title(), name)
            : "{scheme: none}";
    String endpoint =
        Manifests.endpoint(
            tenant,
            name,
            receiver.url(path()),
            types,
            signature,
            "  retry: {scheduleSeconds: [1, 1, 1, 2, 2, 5]}\n");
    if (!filter.isEmpty()) {
      endpoint = endpoint.replace("  signatures:", "    filter: '" + filter + "'\n  signatures:");
    }
    return signed ? Manifests.signingSecret(tenant, name, scheme.secret()) + endpoint : endpoint;
  }
}
