package dev.posthorn.cli.manifest;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Decides when a change counts: once the tree looked the same for {@link #QUIET}. So an editor that
 * writes in steps, a {@code git checkout} or a copied directory is seen as one change. Not
 * thread-safe.
 *
 * @param <S> what is compared
 */
final class Settling<S> {
  /** How long a tree must be still. */
  static final Duration QUIET = Duration.ofMillis(100);

  private S taken;
  private @Nullable S candidate;
  private Instant since = Instant.EPOCH;

  /** Starts from the state that was already taken. */
  Settling(S taken) {
    this.taken = taken;
  }

  /** True when {@code seen} is new and has been the same for long enough; it is taken then. */
  boolean settles(S seen, Instant now) {
    if (seen.equals(taken)) {
      candidate = null;
      return false;
    }
    if (!seen.equals(candidate)) {
      candidate = seen;
      since = now;
      return false;
    }
    if (now.isBefore(since.plus(QUIET))) {
      return false;
    }
    taken = seen;
    candidate = null;
    return true;
  }

  /** Whether something changed that has not settled yet. */
  boolean unsettled() {
    return candidate != null;
  }
}
