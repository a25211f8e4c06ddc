package dev.posthorn.dispatcher.lane;

import dev.posthorn.core.event.Event;
import dev.posthorn.core.event.EventData;
import dev.posthorn.core.event.EventId;
import dev.posthorn.core.event.PublishedEvent;
import dev.posthorn.core.event.TypePattern;
import dev.posthorn.dispatcher.store.Attempt;
import dev.posthorn.dispatcher.store.DeliveryKey;
import dev.posthorn.dispatcher.store.EndingNotices.Ending;
import dev.posthorn.dispatcher.store.EndpointRow;
import dev.posthorn.dispatcher.store.NewEvent;
import dev.posthorn.dispatcher.store.Next;
import dev.posthorn.dispatcher.store.Write;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The system events of a simulation: what had to be told, by what the store recorded, and what was.
 * Each tenant has one endpoint that wants them all.
 */
final class SimulatedNotices {
  private static final byte[] NO_KEY = {};
  private static final String ENDED = "ended ";
  private static final String HEALTH = "health ";

  private final RandomGenerator random;
  private final List<String> causes = new ArrayList<>();
  private final List<String> told = new ArrayList<>();

  SimulatedNotices(RandomGenerator random) {
    this.random = random;
  }

  private static int watcher(int endpoint) {
    return endpoint % 2 == 0 ? 2 : 1;
  }

  static boolean ofSystem(NewEvent event) {
    return event.event().published().type().startsWith(TypePattern.SYSTEM_PREFIX);
  }

  /** Nobody else ever gets a system event, so all changes of the others must be told. */
  static boolean mayGet(int endpoint, NewEvent event) {
    return event.event().published().tenant().equals(Simulation.tenantOf(endpoint))
        && (!ofSystem(event) || watcher(endpoint) == endpoint);
  }

  // Prepared by a process

  /** What goes with an outcome. */
  List<Write.Accept> outcome(Attempt attempt, Next next, @Nullable Tried event, long now) {
    if (!(next instanceof Next.Dead) || (event != null && event.ofSystem())) {
      return List.of();
    }
    DeliveryKey key = attempt.delivery();
    return List.of(prepared(key.endpoint(), ended(key, attempt.n()), null, now));
  }

  /** What goes with a change of health. */
  List<Write.Accept> health(Command.SaveHealth save, long now) {
    HealthNotice notice = save.notice();
    if (notice == null) {
      return List.of();
    }
    boolean early = notice.kind() == HealthNotice.Kind.DISABLING_SOON;
    String what =
        early
            ? "soon " + save.endpoint() + " " + notice.since()
            : health(save.endpoint(), save.health());
    return List.of(prepared(save.endpoint(), what, what, now));
  }

  /** What goes with deliveries that retention ends. */
  Write.Accept ending(Ending ending) {
    String what = ended(ending.endpoint(), ending.deliveries(), ending.time());
    return prepared(ending.endpoint(), what, null, ending.time().toEpochMilli());
  }

  private Write.Accept prepared(int about, String what, @Nullable String once, long now) {
    Instant accepted = Instant.ofEpochMilli(now);
    var published =
        new PublishedEvent(
            Simulation.tenantOf(about),
            TypePattern.SYSTEM_PREFIX + "told",
            "posthorn",
            null,
            what,
            accepted,
            EventData.none(),
            null,
            null,
            Map.of());
    List<Integer> targets = watcher(about) == about ? List.of() : List.of(watcher(about));
    var event = new Event(EventId.next(accepted, random), accepted, published);
    return new Write.Accept(List.of(new NewEvent(event, NO_KEY, targets)), once);
  }

  // Recorded by the store

  void ended(DeliveryKey key, int n, NewEvent event) {
    if (!ofSystem(event)) {
      causes.add(ended(key, n));
    }
  }

  void ended(Ending ending) {
    causes.add(ended(ending.endpoint(), ending.deliveries(), ending.time()));
  }

  void changed(EndpointRow before, EndpointRow.Health after) {
    if (before.health().state() != after.state()) {
      causes.add(health(before.number(), after));
    }
  }

  void told(NewEvent event) {
    told.add(String.valueOf(event.event().published().subject()));
  }

  private static String ended(DeliveryKey key, int n) {
    return ENDED + key + " " + n;
  }

  private static String ended(int endpoint, int deliveries, Instant time) {
    return "%sat endpoint %d: %d at %s".formatted(ENDED, endpoint, deliveries, time);
  }

  private static String health(int endpoint, EndpointRow.Health health) {
    return "%s%d %s %s".formatted(HEALTH, endpoint, health.state(), health.since());
  }

  // In the end

  /** What is wrong; empty where each cause was told once, and nothing else was. */
  Optional<String> wrong() {
    List<String> endings = told.stream().filter(each -> each.startsWith(ENDED)).toList();
    List<String> ended = causes.stream().filter(each -> each.startsWith(ENDED)).toList();
    if (!counted(endings).equals(counted(ended))) {
      return Optional.of("endings " + minus(ended, endings) + " told " + minus(endings, ended));
    }
    List<String> changes = told.stream().filter(each -> !each.startsWith(ENDED)).toList();
    var once = new HashSet<>(changes);
    if (once.size() < changes.size()) {
      return Optional.of("told twice is one of " + changes);
    }
    List<String> states = changes.stream().filter(each -> each.startsWith(HEALTH)).toList();
    if (!causes.containsAll(states)) {
      return Optional.of("told without a cause: " + minus(states, causes));
    }
    return untold(once);
  }

  /** An endpoint that gets system events may change because of them, in silence. */
  private Optional<String> untold(Set<String> once) {
    return causes.stream()
        .filter(each -> each.startsWith(HEALTH))
        .filter(each -> !each.startsWith(HEALTH + 1) && !each.startsWith(HEALTH + 2))
        .filter(each -> !once.contains(each))
        .findFirst()
        .map(each -> "never told: " + each);
  }

  private static Map<String, Long> counted(List<String> all) {
    return all.stream().collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
  }

  private static List<String> minus(List<String> all, List<String> without) {
    return all.stream().filter(each -> !without.contains(each)).toList();
  }
}
