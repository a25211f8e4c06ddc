package dev.posthorn.core.keyring;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to store, when to ask again, and what to tell people.
 *
 * @param keyring to be stored when its revision differs from the one planned from; absent as long
 *     as there can be no first key
 * @param nextRotation when a new key is due by interval or by a future {@code rotateAfter}; absent:
 *     none is planned
 * @param nextWakeUp the earliest later time at which a plan or a state changes; absent: only a
 *     change of the wishes can
 */
public record Plan(
    @Nullable Keyring keyring,
    @Nullable Instant nextRotation,
    @Nullable Instant nextWakeUp,
    List<KeyringFinding> findings) {

  /** Takes a copy of the list. */
  public Plan {
    findings = List.copyOf(findings);
  }
}
