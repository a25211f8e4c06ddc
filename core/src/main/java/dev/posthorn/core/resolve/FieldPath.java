package dev.posthorn.core.resolve;

import java.util.ArrayList;
import java.util.List;

/**
 * Where in an object a field is, spelled as an API server does: {@code spec.headers[2].name}.
 *
 * @param steps from the object's root
 */
record FieldPath(List<Step> steps) {
  /** The object itself. */
  static final FieldPath ROOT = new FieldPath(List.of());

  /** Its {@code spec}. */
  static final FieldPath SPEC = ROOT.field("spec");

  /** One step down. */
  sealed interface Step {
    /** Into an object's field. */
    record Field(String name) implements Step {}

    /** Into a list's item, from 0. */
    record Index(int index) implements Step {}
  }

  FieldPath {
    steps = List.copyOf(steps);
  }

  /** {@code this} and each of the names, one below the other. */
  FieldPath field(String... names) {
    FieldPath path = this;
    for (String name : names) {
      path = path.then(new Step.Field(name));
    }
    return path;
  }

  FieldPath index(int index) {
    return then(new Step.Index(index));
  }

  private FieldPath then(Step step) {
    var longer = new ArrayList<>(steps);
    longer.add(step);
    return new FieldPath(longer);
  }

  @Override
  public String toString() {
    var text = new StringBuilder();
    for (Step step : steps) {
      switch (step) {
        case Step.Field(String name) -> text.append(text.isEmpty() ? "" : ".").append(name);
        case Step.Index(int index) -> text.append('[').append(index).append(']');
      }
    }
    return text.toString();
  }
}
