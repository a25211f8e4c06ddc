package dev.posthorn.operator.reconcile;

import dev.posthorn.crds.Condition;
import dev.posthorn.crds.ConditionType;
import dev.posthorn.operator.cluster.Occurrences;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.PrimaryUpdateAndCacheUtils;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes a status where it is another, and tells the transition. Thread-safe; blocks. */
final class StatusWriter {
  private static final int NOT_FOUND = 404;

  private final Occurrences occurrences;

  StatusWriter(Occurrences occurrences) {
    this.occurrences = occurrences;
  }

  /**
   * Writes {@code next} by server-side apply if it differs from {@code former}.
   *
   * @param fresh an empty object of the kind: it carries name and status alone
   * @param former the status as it is, with conditions in our order; null if there is none
   * @return whether the object is still there
   */
  <S, P extends CustomResource<?, S>> boolean write(
      P primary, P fresh, @Nullable S former, S next, Context<P> context) {
    if (next.equals(former)) {
      return true;
    }
    fresh.getMetadata().setName(primary.getMetadata().getName());
    fresh.getMetadata().setNamespace(primary.getMetadata().getNamespace());
    fresh.setStatus(next);
    try {
      PrimaryUpdateAndCacheUtils.ssaPatchStatusAndCacheResource(primary, fresh, context);
      return true;
    } catch (KubernetesClientException e) {
      if (e.getCode() == NOT_FOUND) {
        return false; // gone: nothing is made for it any more
      }
      throw e;
    }
  }

  /** Tells people when {@code Ready} became another, or has another reason. */
  void tell(HasMetadata object, List<Condition> former, List<Condition> next, Instant now) {
    Optional<Condition> before = Conditions.find(ConditionType.Ready, former);
    Optional<Condition> after = Conditions.find(ConditionType.Ready, next);
    boolean same =
        Objects.equals(before.map(Condition::status), after.map(Condition::status))
            && Objects.equals(before.map(Condition::reason), after.map(Condition::reason));
    if (same || after.isEmpty()) {
      return;
    }
    Condition ready = after.get();
    boolean good = ready.status().equals("True");
    boolean passing = ready.reason().equals("Pending");
    if (!passing) {
      occurrences.record(
          object,
          good ? Occurrences.Type.Normal : Occurrences.Type.Warning,
          good ? "Ready" : ready.reason(),
          "Reconcile",
          ready.message(),
          now);
    }
  }
}
