package dev.posthorn.dispatcher.store;

import java.util.List;

/**
 * What one turn of the store thread brought, as one message: first the transaction, then the pages
 * read after it. The scheduler gets these in the order in which they happened.
 *
 * @param accepted events just stored, with their targets
 * @param recorded outcomes just written, or refused because the delivery was not open
 * @param pages pages read after the transaction
 * @param reopened true where the outcome of an earlier commit is unknown: whoever caches rows must
 *     forget them and read again
 */
public record Committed(
    List<AcceptedEvent> accepted, List<Recorded> recorded, List<Page> pages, boolean reopened) {
  /**
   * An event just stored.
   *
   * @param seq its sequence number
   * @param acceptedMillis when, epoch milliseconds
   * @param targets endpoint numbers
   */
  public record AcceptedEvent(long seq, long acceptedMillis, List<Integer> targets) {}

  /**
   * An outcome that the store has taken note of.
   *
   * @param delivery whose
   * @param n the attempt's number
   * @param next what follows
   * @param acceptedMillis acceptance of the event
   */
  public record Recorded(DeliveryKey delivery, int n, Next next, long acceptedMillis) {}
}
