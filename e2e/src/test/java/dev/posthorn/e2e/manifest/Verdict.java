package dev.posthorn.e2e.manifest;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusCause;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an API server said of a manifest.
 *
 * @param message empty if it was taken
 * @param causes each field with what is wrong about it
 */
record Verdict(String message, List<StatusCause> causes) {
  static final Verdict TAKEN = new Verdict("", List.of());

  private static final Pattern PATH = Pattern.compile("([a-z]\\w*(?:[.\\[][\\w.\\]\\[]*)?): (.*)");
  private static final Pattern IN_BODY =
      Pattern.compile("\\S+ in body (?:must|should)[a-z ]*[0-9]*");
  private static final Pattern OFFLINE =
      Pattern.compile(
          ": (?:does not (?:match the regex|have a value in the enum)|must have a|must be at most"
              + "|required property|duplicate value|unknown field|\\w+ found, \\w+ expected)");
  private static final int LONGEST = 160;

  static Verdict refused(Status status) {
    boolean detailed = status.getDetails() != null && status.getDetails().getCauses() != null;
    return new Verdict(status.getMessage(), detailed ? status.getDetails().getCauses() : List.of());
  }

  /** Whether it holds {@code expected}, be it a message or {@code path: message}. */
  boolean says(String expected) {
    Matcher parts = PATH.matcher(expected);
    return !expected.isEmpty()
        && (message.contains(expected)
            || (parts.matches()
                && message.contains(parts.group(1) + ":")
                && message.contains(parts.group(2))));
  }

  /**
   * Whether {@code expected} is the offline check's own wording of a schema's bound, which an API
   * server words otherwise. Messages of rules are ours, and the same everywhere.
   */
  static boolean mayDiffer(String expected) {
    return OFFLINE.matcher(expected).find();
  }

  /** The part that names field and reason, without the value and the rule's expression. */
  String essence() {
    Matcher inBody = IN_BODY.matcher(message);
    if (inBody.find()) {
      return inBody.group().strip();
    }
    String text =
        causes.isEmpty()
            ? message.substring(message.indexOf(": ") + 2)
            : causes.getFirst().getField() + ": " + causes.getFirst().getMessage();
    return text.substring(0, Math.min(LONGEST, text.length())).strip();
  }
}
