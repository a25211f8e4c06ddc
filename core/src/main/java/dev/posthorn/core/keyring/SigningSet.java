package dev.posthorn.core.keyring;

import dev.posthorn.crds.SigningSecretSpec.Cutover;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which of some keys sign at an instant. Immutable; as thread-safe as {@code K}.
 *
 * <p>Evaluated at each attempt, so that a key starts and ends on time without anybody's help.
 *
 * @param <K> what a key is to the caller: a {@link KeyVersion}, or a compiled signing key
 */
public final class SigningSet<K> {
  private static final Comparator<Entry<?>> NEWEST_FIRST =
      Comparator.<Entry<?>, Instant>comparing(
              entry -> entry.times().notBefore(), Comparator.nullsLast(Comparator.naturalOrder()))
          .thenComparingInt(Entry::version)
          .reversed();

  /** A key with its version number and times. */
  public record Entry<K>(int version, KeyTimes times, K key) {}

  private final List<Entry<K>> newestFirst;

  private SigningSet(List<Entry<K>> newestFirst) {
    this.newestFirst = newestFirst;
  }

  /** In any order; one that came back later counts as newer than its version number says. */
  public static <K> SigningSet<K> of(List<Entry<K>> entries) {
    return new SigningSet<>(entries.stream().sorted(NEWEST_FIRST).toList());
  }

  /** The keys that sign at {@code t}, newest first; empty means that deliveries wait. */
  public List<K> at(Instant t) {
    return newestFirst.stream().filter(entry -> entry.times().signsAt(t)).map(Entry::key).toList();
  }

  /** The one key for a scheme whose header has room for one signature; empty: deliveries wait. */
  public Optional<K> oneAt(Instant t, Cutover cutover) {
    List<K> keys = at(t);
    if (keys.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        switch (cutover) {
          case AtOverlapEnd -> keys.getLast();
          case Immediately -> keys.getFirst();
        });
  }
}
