package dev.posthorn.operator.reconcile;

import dev.posthorn.core.resolve.ObjectCondition;
import dev.posthorn.crds.ConditionType;
import dev.posthorn.crds.Reason;

/**
 * What is to be said of one condition.
 *
 * @param type which
 * @param status whether it holds
 * @param reason one word for programs
 * @param message one sentence for people, with the cure; nothing in it moves by itself
 */
record Stated(ConditionType type, Truth status, String reason, String message) {
  /** Whether a condition holds, as Kubernetes spells it. */
  enum Truth {
    True,
    False,
    Unknown
  }

  static Stated of(ObjectCondition condition) {
    return new Stated(
        condition.type(),
        condition.holds() ? Truth.True : Truth.False,
        condition.reason(),
        condition.message());
  }

  static Stated of(ConditionType type, Truth status, Reason reason, String message) {
    return new Stated(type, status, reason.name(), message);
  }

  boolean holds() {
    return status == Truth.True;
  }

  /** The same of another condition. */
  Stated as(ConditionType other) {
    return new Stated(other, status, reason, message);
  }
}
