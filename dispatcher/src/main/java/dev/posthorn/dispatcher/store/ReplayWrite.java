package dev.posthorn.dispatcher.store;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes that open deliveries again, or keep account of it. */
public sealed interface ReplayWrite {
  /** Rows it adds or changes, about. */
  default int rows() {
    return 2;
  }

  /** Whose deliveries they are; null where only the replay itself says so. */
  default @Nullable String tenant() {
    return switch (this) {
      case Redeliver redeliver -> redeliver.audit().tenant();
      case Start start -> start.audit().tenant();
      case Cancel cancel -> cancel.audit().tenant();
      case Advance _ -> null;
    };
  }

  /**
   * Opens one delivery, due now, or makes its retry due now; answers with {@link
   * ReplayAnswer.Redelivered}.
   *
   * @param audit written with it
   */
  record Redeliver(AuditEntry audit, DeliveryKey delivery, Instant now) implements ReplayWrite {}

  /**
   * Takes note of a replay; answers with {@link ReplayAnswer.Started}, or {@link
   * ReplayAnswer.TooMany} where as many of the tenant run already.
   *
   * @param audit written with it; its tenant and caller are the replay's
   */
  record Start(AuditEntry audit, ReplayWish wish, int mostRunning) implements ReplayWrite {}

  /**
   * Ends a replay that runs, of the tenant of {@code audit}; answers with {@link
   * ReplayAnswer.Cancelled}.
   */
  record Cancel(AuditEntry audit, long number) implements ReplayWrite {}

  /**
   * Opens the deliveries of one slice and moves the replay on, if it still runs and stands at
   * {@code from}; answers with {@link ReplayAnswer.Advanced}.
   *
   * @param reached acceptance of the event looked at last; null to leave it
   * @param seqs the events to be delivered again
   * @param expired how many events more were wanted whose data is gone
   * @param end the state it ends in; null where it goes on
   */
  record Advance(
      long number,
      String from,
      String to,
      @Nullable Instant reached,
      List<Long> seqs,
      int expired,
      ReplayRow.@Nullable State end,
      Instant now)
      implements ReplayWrite {
    @Override
    public int rows() {
      return 1 + 2 * seqs.size();
    }
  }
}
