package dev.posthorn.core.egress;

import java.util.Set;

/** The bounds of port lists. */
final class Ports {
  private Ports() {}

  /** An immutable copy; refuses what is no port, naming {@code field}. */
  static Set<Integer> copy(String field, Set<Integer> ports) {
    for (int port : ports) {
      if (port < 1 || port > 65_535) {
        throw new IllegalArgumentException(field + ": " + port + " is not a port; use 1..65535");
      }
    }
    return Set.copyOf(ports);
  }
}
