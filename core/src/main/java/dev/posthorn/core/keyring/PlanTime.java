package dev.posthorn.core.keyring;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When something is planned, and whether the clock that says so can be trusted.
 *
 * @param now by this process's clock
 * @param server the same moment by the API server's clock; null where there is none, or it is not
 *     known
 */
public record PlanTime(Instant now, @Nullable Instant server) {
  /** The time of a clock that nothing can be compared with. */
  public static PlanTime at(Instant now) {
    return new PlanTime(now, null);
  }

  /** Why no key may be given a time now; empty where one may. */
  Optional<KeyringFinding> skew() {
    return server == null ? Optional.empty() : ClockSkew.between(now, server, "the API server");
  }
}
