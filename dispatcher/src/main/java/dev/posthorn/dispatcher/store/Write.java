package dev.posthorn.dispatcher.store;

import dev.posthorn.core.config.ResourceName;
import java.util.List;

/** One thing to be written. All writes of one transaction become durable together or not at all. */
public sealed interface Write {
  /**
   * Stores events with one open delivery per target; answers with {@link Written.Accepts}.
   *
   * @param events in the order of the publish; all or nothing
   */
  record Accept(List<NewEvent> events) implements Write {}

  /**
   * Logs an attempt and moves its delivery on. Nothing is written where the delivery is not open or
   * has passed this attempt already. Answers with {@link Written.Recorded}.
   */
  record Record(Attempt attempt, Next next) implements Write {}

  /**
   * Gives an endpoint its number, or finds it; answers with {@link Written.Registered}.
   *
   * @param lane the lane of its tenant
   */
  record Register(ResourceName name, String tenant, int lane) implements Write {}

  /** Replaces an endpoint's health; answers with {@link Written.Done}. */
  record Health(int endpoint, EndpointRow.Health health) implements Write {}

  /** Keeps a record that could not be mapped; answers with {@link Written.Done}. */
  record Reject(RejectedRecord record) implements Write {}
}
