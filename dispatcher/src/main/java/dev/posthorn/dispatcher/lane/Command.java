package dev.posthorn.dispatcher.lane;

import dev.posthorn.dispatcher.store.Attempt;
import dev.posthorn.dispatcher.store.DeliveryKey;
import dev.posthorn.dispatcher.store.EndpointRow;
import dev.posthorn.dispatcher.store.EndpointState;
import dev.posthorn.dispatcher.store.Holds;
import dev.posthorn.dispatcher.store.Next;
import dev.posthorn.dispatcher.store.PageRequest;
import org.jspecify.annotations.Nullable;

/** What the scheduler wants done. */
public sealed interface Command {
  /**
   * Try a delivery now, and answer with {@link Message.Finished}.
   *
   * @param n the attempt's number, from 1
   */
  record Send(DeliveryKey delivery, int n) implements Command {}

  /**
   * Write the outcome of an attempt; the store answers in a {@link Message.Stored}.
   *
   * @param event what was tried; null where it was not there any more
   */
  record RecordAttempt(Attempt attempt, Next next, @Nullable Tried event) implements Command {}

  /** Read a page; the store answers in a {@link Message.Stored}. */
  record ReadPage(PageRequest request) implements Command {}

  /**
   * Keep an endpoint's health over a restart, and tell people.
   *
   * @param before its state until now
   * @param notice what people are told; null for nothing
   */
  record SaveHealth(
      int endpoint, EndpointState before, EndpointRow.Health health, @Nullable HealthNotice notice)
      implements Command {}

  /** Keep over a restart when an endpoint got nothing on purpose. */
  record SaveHolds(int endpoint, Holds holds) implements Command {}

  /** After {@link Message.StopTenant}: nothing about the tenant follows, but its new events. */
  record TenantStopped(String tenant) implements Command {}

  /** Nothing of a lane that must be given up is in flight any more: give it up. */
  record ReleaseLane(int lane) implements Command {}

  /** After {@link Message.Drain}: no try is under way any more. */
  record Drained() implements Command {}
}
