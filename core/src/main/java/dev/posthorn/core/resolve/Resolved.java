package dev.posthorn.core.resolve;

import java.util.List;
import java.util.Optional;

/**
 * What one object of a cluster comes to.
 *
 * @param config what is to be in effect; empty where something is wrong or missing: then what was
 *     in effect stays
 * @param findings why
 * @param conditions what that means for the object
 */
public record Resolved<C>(
    Optional<C> config, List<Finding> findings, List<ObjectCondition> conditions) {
  /** Copies the lists. */
  public Resolved {
    findings = List.copyOf(findings);
    conditions = List.copyOf(conditions);
  }

  static <C> Resolved<C> of(Optional<C> config, Resource<?> object, Report report) {
    return new Resolved<>(
        config, report.findings(), ObjectCondition.of(object.ref().kind(), report.findings()));
  }
}
