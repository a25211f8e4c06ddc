package dev.posthorn.core.resolve;

import dev.posthorn.crds.ConditionType;
import dev.posthorn.crds.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What resolving an object says about one of its conditions.
 *
 * @param type which
 * @param holds whether it is True
 * @param reason one word for programs
 * @param message one sentence for people, with the cure
 */
public record ObjectCondition(ConditionType type, boolean holds, String reason, String message) {

  /** The conditions of an object that resolving decides, from what it found about it. */
  static List<ObjectCondition> of(Kind kind, List<Finding> findings) {
    var conditions = new ArrayList<ObjectCondition>();
    switch (kind) {
      case WEBHOOK_ENDPOINT, EVENT_STREAM, WEBHOOK_SOURCE -> {
        conditions.add(
            of(ConditionType.Accepted, Reason.Accepted, "the object is valid", findings));
        conditions.add(
            of(
                ConditionType.ResolvedRefs,
                Reason.ResolvedRefs,
                "everything referred to is there",
                findings));
      }
      case SIGNING_SECRET -> {
        conditions.add(
            of(ConditionType.Ready, Reason.KeyringReady, "the keys are there", findings));
        conditions.add(
            of(
                ConditionType.RotationAccepted,
                Reason.Accepted,
                "nothing that is wished for is refused",
                findings));
      }
      case SIGNATURE_SCHEME, DISPATCHER ->
          conditions.add(of(ConditionType.Ready, Reason.Accepted, "the object is valid", findings));
      case SECRET, CONFIG_MAP -> {}
    }
    return List.copyOf(conditions);
  }

  private static ObjectCondition of(
      ConditionType type, Reason good, String message, List<Finding> findings) {
    Optional<Finding> bad =
        findings.stream().filter(finding -> concerns(type, finding)).findFirst();
    return bad.map(finding ->
            new ObjectCondition(
                type, false, finding.cause().word(), finding.field() + ": " + finding.message()))
        .orElseGet(() -> new ObjectCondition(type, true, good.name(), message));
  }

  /** Notes are about rotations that were refused, or about what may be elsewhere. */
  private static boolean concerns(ConditionType type, Finding finding) {
    return switch (type) {
      case RotationAccepted -> !finding.isError() && !isReference(finding.cause());
      case ResolvedRefs -> isReference(finding.cause());
      case Accepted -> finding.isError() && !isReference(finding.cause());
      default -> finding.isError();
    };
  }

  private static boolean isReference(Cause cause) {
    return switch (cause) {
      case Cause.Refusal refusal -> refusal == Cause.Refusal.UnusableContent;
      case Cause.Manifest manifest -> false;
      case Cause.Condition(Reason reason) ->
          switch (reason) {
            case SecretNotFound,
                SecretKeyMissing,
                SecretNotLabelled,
                SigningSecretNotFound,
                SchemeNotFound,
                TooLarge ->
                true;
            default -> false;
          };
    };
  }
}
