package dev.posthorn.core.egress;

import java.util.Locale;

/** The one spelling of a host name in which names are compared. */
final class HostNames {
  private HostNames() {}

  /** Lower case, without one trailing dot. */
  static String canonical(String name) {
    var lower = name.toLowerCase(Locale.ROOT);
    return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
  }
}
