package dev.posthorn.dispatcher.accept;

import dev.posthorn.dispatcher.store.Accepted;
import java.util.List;

/** What became of the events of one publish. */
public sealed interface Acceptance {
  /** All of them are durable: one answer each, in order. */
  record Durable(List<Accepted> answers) implements Acceptance {}

  /**
   * Nothing of the batch was stored.
   *
   * @param message one sentence for people: what is wrong and what to do
   * @param retryAfterSeconds when to try again
   */
  record Refused(Cause cause, String message, int retryAfterSeconds) implements Acceptance {}

  /**
   * Nothing of the batch was stored, because one of its tenants is being erased. What is of others
   * may be tried again without it, and all of it when that is done: 503.
   */
  record Erasing(String tenant) implements Acceptance {}

  /**
   * Nothing of the batch was stored, because one of its tenants has as much stored as it may. What
   * is of others may be tried again without it: 429.
   *
   * @param message one sentence for people: what is wrong and what to do
   * @param retryAfterSeconds when to try again
   */
  record Full(String tenant, String message, int retryAfterSeconds) implements Acceptance {}

  /** Why nothing was stored. */
  enum Cause {
    /** No complete configuration yet: 503. */
    NOT_READY,
    /** The store cannot write: 503. */
    STORE_UNAVAILABLE,
    /** More is in flight than memory allows: 503. */
    OVERLOADED,
    /** The tenant is over its own quota: 429. */
    TENANT_QUOTA,
    /** A payload is over the limit: 413. */
    TOO_LARGE
  }
}
