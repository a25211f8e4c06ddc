package dev.posthorn.operator.pods;

import dev.posthorn.core.config.KeyDenial;
import dev.posthorn.core.config.ResourceName;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the ready pods of one Dispatcher reported last. Immutable.
 *
 * @param readyPods how many there are
 * @param reports of those that answered
 */
public record Seen(int readyPods, List<PodReport> reports) {
  /** Before the first look. */
  public static final Seen NOTHING = new Seen(0, List.of());

  private static final long STALE_SECONDS = 60;

  /** Copies the list. */
  public Seen {
    reports = List.copyOf(reports);
  }

  /** How far a config object has come. */
  public sealed interface Verdict {
    /** Every ready pod works with it. */
    record Programmed() implements Verdict {}

    /** Not yet. */
    record Pending() implements Verdict {}

    /** There is no ready pod. */
    record NoPod() implements Verdict {}

    /** A pod cannot work with it. */
    record Rejected(String error) implements Verdict {}

    /** A pod has lost its watch, so that nobody knows. */
    record Stale() implements Verdict {}
  }

  /**
   * How far {@code object} has come.
   *
   * @param object name of its Secret
   * @param version the resource version that has to be in effect
   */
  public Verdict verdict(String object, long version) {
    if (readyPods == 0) {
      return new Verdict.NoPod();
    }
    Optional<String> error =
        reports.stream().flatMap(report -> report.error(object).stream()).findFirst();
    if (error.isPresent()) {
      return new Verdict.Rejected(error.get());
    }
    if (stale()) {
      return new Verdict.Stale();
    }
    boolean everywhere =
        reports.size() == readyPods
            && reports.stream().allMatch(report -> report.version() >= version);
    return everywhere ? new Verdict.Programmed() : new Verdict.Pending();
  }

  /** Whether a pod has lost its watch for so long that nobody knows what it works with. */
  public boolean stale() {
    return reports.stream().anyMatch(report -> report.ageSeconds() > STALE_SECONDS);
  }

  /** The keys of a keyring that callers revoked. */
  public List<KeyDenial> denials(String keyringId) {
    return reports.stream()
        .flatMap(report -> report.denials().stream())
        .filter(denial -> denial.keyringId().equals(keyringId))
        .distinct()
        .toList();
  }

  /** Whether a stream is connected: the first that any pod says; null while none has. */
  public @Nullable String stream(ResourceName stream) {
    return reports.stream()
        .map(report -> report.streams().get(stream))
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  /** Whether a stream is not connected. */
  boolean connecting() {
    return reports.stream()
        .flatMap(report -> report.streams().values().stream())
        .anyMatch(state -> !state.equals("Connected"));
  }

  /** The streams that are not as {@code former} has them. */
  Set<ResourceName> changedStreams(Seen former) {
    return Stream.of(this, former)
        .flatMap(seen -> seen.reports().stream())
        .flatMap(report -> report.streams().keySet().stream())
        .filter(name -> !Objects.equals(stream(name), former.stream(name)))
        .collect(Collectors.toSet());
  }

  /** All of them, for finding out that there are new ones. */
  Map<String, List<KeyDenial>> denials() {
    return reports.stream()
        .flatMap(report -> report.denials().stream())
        .distinct()
        .collect(Collectors.groupingBy(KeyDenial::keyringId));
  }
}
