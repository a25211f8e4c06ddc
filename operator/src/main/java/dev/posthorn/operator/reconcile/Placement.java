package dev.posthorn.operator.reconcile;

import dev.posthorn.crds.ConditionType;
import dev.posthorn.crds.Reason;
import dev.posthorn.operator.pods.Seen;
import dev.posthorn.operator.reconcile.Stated.Truth;

/** Where the config object of something has come to, and what that means for its condition. */
sealed interface Placement {
  /**
   * It is stored, in this version.
   *
   * @param secret name of the Secret
   */
  record Stored(String secret, long version) implements Placement {}

  /** It cannot be stored yet; {@code why} ends in what happens next. */
  record Waits(String why) implements Placement {}

  /** The object has errors, and what was stored before stays. */
  record Kept() implements Placement {}

  /** Nothing is stored for the object. */
  record None() implements Placement {}

  /**
   * The condition {@code Programmed}.
   *
   * @param seen what the pods say
   * @param latched whether this generation was programmed before: that stays, whatever pods come
   *     and go, as long as those that are there have their watch
   */
  default Stated programmed(Seen seen, boolean latched) {
    return switch (this) {
      case Stored stored ->
          latched && !seen.stale()
              ? programmed(new Seen.Verdict.Programmed())
              : programmed(seen.verdict(stored.secret(), stored.version()));
      case Waits(String why) -> of(Truth.False, Reason.Pending, why);
      case Kept() ->
          of(
              Truth.False,
              Reason.Pending,
              "the last good configuration stays in effect until the object is mended");
      case None() ->
          of(Truth.False, Reason.Pending, "nothing is in effect until the object is mended");
    };
  }

  private static Stated programmed(Seen.Verdict verdict) {
    return switch (verdict) {
      case Seen.Verdict.Programmed() ->
          of(Truth.True, Reason.Programmed, "every ready pod works with it");
      case Seen.Verdict.Pending() ->
          of(Truth.False, Reason.Pending, "not every ready pod has it yet; this takes seconds");
      case Seen.Verdict.NoPod() ->
          of(
              Truth.False,
              Reason.NoReadyDispatcher,
              "no pod of the Dispatcher is ready; see its conditions");
      case Seen.Verdict.Rejected(String error) ->
          of(
              Truth.False,
              Reason.RejectedByDispatcher,
              "a pod cannot work with it: "
                  + error
                  + "; run operator and Dispatcher in the same version");
      case Seen.Verdict.Stale() ->
          of(
              Truth.Unknown,
              Reason.Pending,
              "a pod has lost its watch of the API server and works with what it had; it tries"
                  + " again by itself");
    };
  }

  private static Stated of(Truth status, Reason reason, String message) {
    return Stated.of(ConditionType.Programmed, status, reason, message);
  }
}
