package dev.posthorn.core.keyring;

import dev.posthorn.crds.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** When two clocks are so far apart that no key may be given a time by either. */
public final class ClockSkew {
  private static final Duration MOST = Duration.ofSeconds(60);

  private ClockSkew() {}

  /**
   * Why nothing may be planned at {@code own} beside {@code other}; empty where that is no matter.
   * The difference is told, never corrected: which clock is right is not known here.
   *
   * @param what whose clock {@code other} is from, as it stands in the message
   */
  public static Optional<KeyringFinding> between(Instant own, Instant other, String what) {
    Duration apart = Duration.between(own, other).abs();
    if (apart.compareTo(MOST) <= 0) {
      return Optional.empty();
    }
    return Optional.of(
        new KeyringFinding(
            Reason.ClockSkew,
            "spec.rotation",
            "rotation waits: this clock says %s and %s says %s; set the clock right"
                .formatted(own, what, other)));
  }
}
