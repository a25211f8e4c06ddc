package dev.posthorn.operator.reconcile;

import dev.posthorn.crds.Condition;
import dev.posthorn.crds.ConditionType;
import dev.posthorn.crds.Reason;
import dev.posthorn.operator.reconcile.Stated.Truth;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The conditions of an object, as {@code metav1.Condition} has them. Pure.
 *
 * @param list sorted by type; {@code lastTransitionTime} moved only where {@code status} did
 * @param again when they change though nothing else does; null = never
 */
record Conditions(List<Condition> list, @Nullable Instant again) {
  /** How long a missing reference may be on its way. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private static final int MAX_MESSAGE = 4_096;

  /** Never part of Ready: a customer's dead server is not a failed sync. */
  private static final Set<ConditionType> APART =
      EnumSet.of(ConditionType.Delivering, ConditionType.RotationAccepted);

  /** What other objects cure, so that it may pass by itself. */
  private static final Set<String> CURED_ELSEWHERE =
      Set.of(
          Reason.DispatcherNotFound.name(),
          Reason.NotAllowedByDispatcher.name(),
          Reason.Conflict.name(),
          Reason.SecretNotFound.name(),
          Reason.SecretKeyMissing.name(),
          Reason.SecretNotLabelled.name(),
          Reason.SigningSecretNotFound.name(),
          Reason.SchemeNotFound.name(),
          Reason.EndpointNotFound.name(),
          Reason.SourceNotFound.name(),
          "UnusableContent");

  /** What passes by itself, or has nothing to do with the object. */
  private static final Set<String> PASSING =
      Set.of(
          Reason.Pending.name(),
          Reason.NoReadyDispatcher.name(),
          Reason.RejectedByDispatcher.name(),
          Reason.Starting.name(),
          Reason.Unavailable.name(),
          Reason.StoreUnavailable.name(),
          Reason.Connecting.name(),
          Reason.AuthenticationFailed.name(),
          Reason.Unreachable.name(),
          Reason.StreamNotFound.name());

  /** Copies the list. */
  Conditions {
    list = List.copyOf(list);
  }

  /**
   * The conditions that follow from what is stated now. {@code Ready} sums up the others; if it is
   * stated itself, it counts too.
   *
   * @param former those in the status
   * @param generation that they are computed from
   */
  static Conditions of(
      List<Condition> former, List<Stated> stated, @Nullable Long generation, Instant now) {
    var all = new ArrayList<>(stated);
    all.removeIf(each -> each.type() == ConditionType.Ready);
    all.add(ready(stated));
    var list = new ArrayList<Condition>();
    for (Stated each : all) {
      list.add(condition(each, former, generation, now));
    }
    Stall stall = stalled(stated, list, now);
    if (stall.cause() != null && stall.again() == null) {
      list.add(condition(stall.cause(), former, generation, now));
    }
    return new Conditions(sorted(list), stall.again());
  }

  /** Sorted by type, so that two lists can be compared. */
  static List<Condition> sorted(List<Condition> conditions) {
    return conditions.stream().sorted(Comparator.comparing(Condition::type)).toList();
  }

  private static Stated ready(List<Stated> stated) {
    List<Stated> counted = stated.stream().filter(each -> !APART.contains(each.type())).toList();
    return Stream.of(Truth.False, Truth.Unknown)
        .flatMap(status -> counted.stream().filter(each -> each.status() == status))
        .findFirst()
        .or(() -> counted.stream().filter(each -> each.type() == ConditionType.Ready).findFirst())
        .orElseGet(counted::getLast)
        .as(ConditionType.Ready);
  }

  /** The cause of a stall, from when on if that is later. */
  private record Stall(@Nullable Stated cause, @Nullable Instant again) {}

  private static Stall stalled(List<Stated> stated, List<Condition> list, Instant now) {
    Stall later = new Stall(null, null);
    for (Stated each : stated) {
      if (each.status() != Truth.False
          || APART.contains(each.type())
          || PASSING.contains(each.reason())) {
        continue;
      }
      Stated cause = new Stated(ConditionType.Stalled, Truth.True, each.reason(), each.message());
      if (!CURED_ELSEWHERE.contains(each.reason())) {
        return new Stall(cause, null);
      }
      Instant end = since(each.type(), list).orElse(now).plus(PATIENCE);
      if (!end.isAfter(now)) {
        return new Stall(cause, null);
      }
      later = new Stall(cause, end);
    }
    return later;
  }

  private static Optional<Instant> since(ConditionType type, List<Condition> list) {
    return find(type, list).flatMap(each -> time(each.lastTransitionTime()));
  }

  private static Condition condition(
      Stated stated, List<Condition> former, @Nullable Long generation, Instant now) {
    Instant second = now.truncatedTo(ChronoUnit.SECONDS);
    String since =
        find(stated.type(), former)
            .filter(each -> each.status().equals(stated.status().name()))
            .map(Condition::lastTransitionTime)
            .orElseGet(second::toString);
    return new Condition(
        stated.type().name(),
        stated.status().name(),
        generation,
        since,
        stated.reason(),
        shortened(stated.message()));
  }

  /** The condition of a type. */
  static Optional<Condition> find(ConditionType type, List<Condition> conditions) {
    return conditions.stream().filter(each -> each.type().equals(type.name())).findFirst();
  }

  /** Whether a condition of this generation is True. */
  static boolean holds(ConditionType type, List<Condition> conditions, @Nullable Long generation) {
    return find(type, conditions)
        .filter(each -> each.status().equals(Truth.True.name()))
        .filter(each -> generation != null && generation.equals(each.observedGeneration()))
        .isPresent();
  }

  private static Optional<Instant> time(String text) {
    try {
      return Optional.of(OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static String shortened(String message) {
    return message.length() > MAX_MESSAGE ? message.substring(0, MAX_MESSAGE) : message;
  }
}
