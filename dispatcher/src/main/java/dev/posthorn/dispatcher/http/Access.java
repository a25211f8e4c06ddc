package dev.posthorn.dispatcher.http;

/** Who may make a call. Whatever a route does not permit is denied. */
public sealed interface Access {
  /** Everybody, without a token. */
  record Open() implements Access {}

  /** Everybody with a valid token. */
  record Known() implements Access {}

  /**
   * Callers with the verb for the tenant in the path, which the template names {@code {tenant}}.
   */
  record OfTenant(Verb verb) implements Access {}

  /** Callers with the verb for all tenants. */
  record OfPlatform(Verb verb) implements Access {}

  /** Callers with the verb for some tenant; the handler checks each tenant that it meets. */
  record Somewhere(Verb verb) implements Access {}
}
