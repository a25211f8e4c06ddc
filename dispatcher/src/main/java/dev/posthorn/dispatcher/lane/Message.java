package dev.posthorn.dispatcher.lane;

import dev.posthorn.core.config.OutcomeClass;
import dev.posthorn.dispatcher.store.AttemptDetail;
import dev.posthorn.dispatcher.store.Committed;
import dev.posthorn.dispatcher.store.DeliveryKey;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the scheduler hears. */
public sealed interface Message {
  /** One turn of the store thread. Turns arrive in the order in which they happened. */
  record Stored(Committed committed) implements Message {}

  /** The configuration changed. */
  record Configured(Plan plan) implements Message {}

  /** Somebody re-enabled an endpoint through the API. */
  record Enable(int endpoint) implements Message {}

  /**
   * Forget a tenant and start nothing for it until the store says that its erasure is complete;
   * answered by {@link Command.TenantStopped}. What is in flight then leaves nothing.
   *
   * @param endpoints numbers of its endpoints, as far as the store knows them
   * @param asked whether the store is asked for an erasure after this; false where one runs since
   *     an earlier life
   */
  record StopTenant(String tenant, Set<Integer> endpoints, boolean asked) implements Message {}

  /** Start nothing any more: the process is about to stop. */
  record Drain() implements Message {}

  /** A try ended. */
  record Finished(DeliveryKey delivery, Result result) implements Message {}

  /**
   * How a try ended.
   *
   * @param startMillis when it began, epoch milliseconds
   * @param endMillis when it ended, epoch milliseconds
   * @param outcome its class
   * @param status HTTP status, 0 for none
   * @param error one sentence for people, or null
   * @param retryAfterMillis what the receiver asked us to wait; 0 for nothing
   * @param body the bytes every further attempt must send; null to keep those stored already, or
   *     where nothing was rendered
   * @param detail for the log
   * @param event what was tried; null where it was not there any more
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Result(
      long startMillis,
      long endMillis,
      OutcomeClass outcome,
      int status,
      @Nullable String error,
      long retryAfterMillis,
      byte @Nullable [] body,
      AttemptDetail detail,
      @Nullable Tried event) {
    /** Of an event that is not there, or does not matter. */
    public Result(
        long startMillis,
        long endMillis,
        OutcomeClass outcome,
        int status,
        @Nullable String error,
        long retryAfterMillis,
        byte @Nullable [] body,
        AttemptDetail detail) {
      this(startMillis, endMillis, outcome, status, error, retryAfterMillis, body, detail, null);
    }

    /** The same of {@code tried}. */
    public Result of(Tried tried) {
      return new Result(
          startMillis, endMillis, outcome, status, error, retryAfterMillis, body, detail, tried);
    }
  }
}
