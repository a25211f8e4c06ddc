package dev.posthorn.dispatcher.http;

import java.util.stream.Stream;

/** Who calls, and what he may do. Thread-safe; a call may ask more than once. */
public interface Caller {
  /** In place of a tenant: all of them, so the platform's own view. */
  String ALL_TENANTS = "*";

  /** His name, for logs and audit. */
  String name();

  /** Whether he may do {@code verb} for {@code tenant}, or for {@link #ALL_TENANTS}. */
  boolean may(Verb verb, String tenant);

  /**
   * Whether he may do {@code verb} for some tenant. False is certain, so that nothing is read of
   * his request; true promises nothing.
   */
  boolean maySomewhere(Verb verb);

  /** Whether he may do anything for {@code tenant}; if not, the tenant does not exist for him. */
  default boolean knows(String tenant) {
    return Stream.of(Verb.values()).anyMatch(verb -> may(verb, tenant));
  }
}
