package dev.posthorn.core.resolve;

import dev.posthorn.crds.LabelSelector;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Label selectors, as {@code metav1.LabelSelector} has them. */
final class Selection {
  private Selection() {}

  /** Whether {@code labels} are selected. No selector selects nothing, an empty one everything. */
  static boolean matches(@Nullable LabelSelector selector, Map<String, String> labels) {
    return selector != null
        && labels.entrySet().containsAll(selector.matchLabels().entrySet())
        && selector.matchExpressions().stream().allMatch(each -> holds(each, labels));
  }

  private static boolean holds(LabelSelector.Requirement requirement, Map<String, String> labels) {
    String value = labels.get(requirement.key());
    return switch (requirement.operator()) {
      case In -> value != null && requirement.values().contains(value);
      case NotIn -> value == null || !requirement.values().contains(value);
      case Exists -> value != null;
      case DoesNotExist -> value == null;
    };
  }

  /** As people write one: {@code team=a, tier in (x, y)}. */
  static String text(@Nullable LabelSelector selector) {
    if (selector == null) {
      return "(none)";
    }
    return Stream.concat(
            selector.matchLabels().entrySet().stream()
                .map(label -> label.getKey() + "=" + label.getValue())
                .sorted(),
            selector.matchExpressions().stream().map(Selection::text))
        .collect(Collectors.joining(", "));
  }

  private static String text(LabelSelector.Requirement requirement) {
    String values = "(" + String.join(", ", requirement.values()) + ")";
    return switch (requirement.operator()) {
      case In -> requirement.key() + " in " + values;
      case NotIn -> requirement.key() + " not in " + values;
      case Exists -> requirement.key();
      case DoesNotExist -> "!" + requirement.key();
    };
  }
}
