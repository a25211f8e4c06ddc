package dev.posthorn.operator.reconcile;

import dev.posthorn.core.resolve.Cause;
import dev.posthorn.core.resolve.Finding;
import dev.posthorn.crds.Reason;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What certain findings mean for what a reconciler does. Pure. */
final class Refusals {
  private Refusals() {}

  /** Whether the Dispatcher does not take objects of this namespace: nothing of it may stay. */
  static boolean notAllowed(List<Finding> findings) {
    return has(findings, Reason.NotAllowedByDispatcher);
  }

  /**
   * When to look for something that no watch shows: a Secret that is made without the label, a
   * clock that is set. Null if nothing is missing.
   */
  static @Nullable Instant again(List<Finding> findings, Instant now) {
    return has(findings, Reason.SecretNotFound)
            || has(findings, Reason.SourceNotFound)
            || has(findings, Reason.ClockSkew)
        ? now.plus(Again.UNSEEN)
        : null;
  }

  private static boolean has(List<Finding> findings, Reason reason) {
    return findings.stream()
        .map(Finding::cause)
        .anyMatch(cause -> cause instanceof Cause.Condition(Reason found) && found == reason);
  }
}
