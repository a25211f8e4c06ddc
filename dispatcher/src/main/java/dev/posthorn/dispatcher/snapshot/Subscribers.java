package dev.posthorn.dispatcher.snapshot;

import dev.posthorn.core.event.Subscription;
import dev.posthorn.core.event.TypePattern;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The endpoints of one tenant, indexed by the types they want, so that filters run only on
 * candidates. Immutable.
 */
public final class Subscribers {
  /** Nobody. */
  static final Subscribers NONE = new Subscribers(List.of());

  private final Collection<Subscriber> all;
  private final Map<String, List<Subscriber>> exact = new HashMap<>();
  private final Map<String, List<Subscriber>> prefix = new HashMap<>();
  private final List<Subscriber> everything = new ArrayList<>();

  Subscribers(Collection<Subscriber> all) {
    this.all = List.copyOf(all);
    for (Subscriber each : all) {
      each.types().patterns().forEach(pattern -> listUnder(pattern).add(each));
    }
  }

  private List<Subscriber> listUnder(TypePattern pattern) {
    return switch (pattern) {
      case TypePattern.Exact(var type) -> exact.computeIfAbsent(type, _ -> new ArrayList<>(1));
      case TypePattern.Prefix(var text) -> prefix.computeIfAbsent(text, _ -> new ArrayList<>(1));
      case TypePattern.All() -> everything;
    };
  }

  /** All of them. */
  public Collection<Subscriber> all() {
    return all;
  }

  /** The one with this number in the store. */
  public Optional<Subscriber> find(int number) {
    return all.stream().filter(each -> each.number() == number).findFirst();
  }

  /** Those that want this type, each once, in the order of their numbers. */
  public Collection<Subscriber> of(String type) {
    var found = new TreeMap<Integer, Subscriber>();
    add(found, exact.getOrDefault(type, List.of()));
    if (!prefix.isEmpty()) {
      Subscription.prefixesOf(type)
          .forEach(text -> add(found, prefix.getOrDefault(text, List.of())));
    }
    if (!type.startsWith(TypePattern.SYSTEM_PREFIX)) {
      add(found, everything);
    }
    return found.values();
  }

  private static void add(Map<Integer, Subscriber> found, List<Subscriber> more) {
    more.forEach(each -> found.put(each.number(), each));
  }
}
