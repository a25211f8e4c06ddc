package dev.posthorn.dispatcher.store;

import dev.posthorn.core.event.Event;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one turn of the store thread brought, as one message: first the transaction, then the pages
 * read after it. The scheduler gets these in the order in which they happened.
 *
 * @param accepted events just stored, with their targets
 * @param recorded outcomes just written, or refused because the delivery was not open; deliveries
 *     that retention ended are among them
 * @param expired how many those are
 * @param due deliveries just opened again, or made due before their time
 * @param pages pages read after the transaction
 * @param reopened true where the outcome of an earlier commit is unknown: whoever caches rows must
 *     forget them and read again
 * @param erased how erasures went on
 * @param shared what others did to the same database, as read after the pages
 */
public record Committed(
    List<AcceptedEvent> accepted,
    List<Recorded> recorded,
    int expired,
    List<DueNow> due,
    List<Page> pages,
    boolean reopened,
    List<Erased> erased,
    Shared shared) {
  /** A turn of a process that has the database for itself. */
  public Committed(
      List<AcceptedEvent> accepted,
      List<Recorded> recorded,
      int expired,
      List<DueNow> due,
      List<Page> pages,
      boolean reopened,
      List<Erased> erased) {
    this(accepted, recorded, expired, due, pages, reopened, erased, Shared.ALONE);
  }

  /** A turn without retention, replays and erasures. */
  public Committed(
      List<AcceptedEvent> accepted, List<Recorded> recorded, List<Page> pages, boolean reopened) {
    this(accepted, recorded, 0, List.of(), pages, reopened, List.of());
  }

  /** Whether it says nothing. */
  public boolean isEmpty() {
    return accepted.isEmpty()
        && recorded.isEmpty()
        && due.isEmpty()
        && pages.isEmpty()
        && !reopened
        && erased.isEmpty()
        && shared.isEmpty();
  }

  /**
   * How an erasure went on.
   *
   * @param begun whether this answers {@link StoreThread#erase}: it runs from now on, if it did not
   *     already
   * @param deliveries open deliveries that ended by it
   * @param completed the erasure, where it is complete now; null before
   */
  public record Erased(
      String tenant, boolean begun, long deliveries, @Nullable Erasure completed) {}

  /**
   * An event just stored.
   *
   * @param seq its sequence number
   * @param event itself, so that it need not be read again to be sent
   * @param targets endpoint numbers
   */
  public record AcceptedEvent(long seq, Event event, List<Integer> targets) {}

  /**
   * A delivery that is due now because somebody asked for it.
   *
   * @param row as it is now
   * @param before when it was due until now, epoch milliseconds; null where its row was inserted
   */
  public record DueNow(int endpoint, OpenDelivery row, @Nullable Long before) {}

  /**
   * An outcome that the store has taken note of.
   *
   * @param delivery whose
   * @param n the attempt's number
   * @param next what follows
   * @param acceptedMillis acceptance of the event; 0 where it was not applied
   * @param applied false where the delivery was not open any more, so that nothing was written
   */
  public record Recorded(
      DeliveryKey delivery, int n, Next next, long acceptedMillis, boolean applied) {}
}
