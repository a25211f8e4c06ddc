package dev.posthorn.operator.cluster;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Whether an object has all that is wanted of it. What the API server or somebody else added does
 * not count. Pure.
 */
final class Subset {
  private Subset() {}

  static boolean holds(JsonNode wanted, JsonNode actual) {
    if (isNothing(wanted)) {
      return true;
    }
    if (wanted.isObject()) {
      return actual.isObject()
          && wanted.properties().stream()
              .allMatch(field -> holds(field.getValue(), actual.path(field.getKey())));
    }
    if (wanted.isArray()) {
      return actual.isArray() && wanted.size() == actual.size() && items(wanted, actual);
    }
    return wanted.asText().equals(actual.asText()) && actual.isValueNode();
  }

  private static boolean items(JsonNode wanted, JsonNode actual) {
    for (int i = 0; i < wanted.size(); i++) {
      if (!holds(wanted.get(i), actual.get(i))) {
        return false;
      }
    }
    return true;
  }

  /** The API server does not keep what is empty. */
  private static boolean isNothing(JsonNode wanted) {
    return wanted.isNull()
        || wanted.isMissingNode()
        || (wanted.isContainerNode() && wanted.isEmpty());
  }
}
