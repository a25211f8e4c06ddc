package dev.posthorn.core.resolve;

import java.util.Arrays;
import java.util.List;

/** Where in an object a field is, spelled as an API server does: {@code spec.headers[2].name}. */
final class FieldPath {
  private FieldPath() {}

  static String field(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  static String item(String path, int index) {
    return path + "[" + index + "]";
  }

  /** Names and indexes from the root down. */
  static List<String> steps(String path) {
    return Arrays.stream(path.split("[.\\[\\]]", -1)).filter(step -> !step.isEmpty()).toList();
  }
}
