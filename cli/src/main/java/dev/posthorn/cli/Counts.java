package dev.posthorn.cli;

import dev.posthorn.core.config.Configuration;
import dev.posthorn.core.config.EndpointConfig;
import java.util.ArrayList;
import java.util.List;

/** A configuration in one line: how many of what. */
final class Counts {
  private Counts() {}

  /** {@code 3 endpoints of 2 tenants, 3 signing secrets, 1 stream}. */
  static String of(Configuration configuration) {
    long tenants =
        configuration.endpoints().values().stream().map(EndpointConfig::tenant).distinct().count();
    List<String> parts = new ArrayList<>();
    parts.add(
        many(configuration.endpoints().size(), "endpoint")
            + (tenants == 0 ? "" : " of " + many(tenants, "tenant")));
    parts.add(many(configuration.keys().size(), "signing secret"));
    parts.add(many(configuration.streams().size(), "stream"));
    return String.join(", ", parts);
  }

  private static String many(long count, String of) {
    return count + " " + of + (count == 1 ? "" : "s");
  }
}
