package dev.posthorn.core.resolve;

import dev.posthorn.core.resolve.Finding.Severity;
import dev.posthorn.crds.Reason;
import java.util.ArrayList;
import java.util.List;

/** The findings about one object while it is resolved. */
final class Report {
  private final Resource<?> object;
  private final List<Finding> findings = new ArrayList<>();
  private boolean complete = true;

  Report(Resource<?> object) {
    this.object = object;
  }

  void error(String field, Cause cause, String message) {
    complete = false;
    findings.add(Finding.error(object, field, cause, message));
  }

  void error(String field, Reason reason, String message) {
    error(field, new Cause.Condition(reason), message);
  }

  /** Something wrong that is no reason to leave the rest of the object out of effect. */
  void beside(String field, Cause cause, String message) {
    findings.add(Finding.error(object, field, cause, message));
  }

  /** Something without effect on the object. */
  void note(String field, Reason reason, String message) {
    findings.add(Finding.of(Severity.NOTE, object, field, new Cause.Condition(reason), message));
  }

  /** Something that is missing here and may be elsewhere: no error, and no config object either. */
  void unknown(String field, Reason reason, String message) {
    complete = false;
    note(field, reason, message);
  }

  /** Whether everything that the object needs was there. */
  boolean complete() {
    return complete;
  }

  List<Finding> findings() {
    return List.copyOf(findings);
  }
}
