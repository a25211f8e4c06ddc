package dev.posthorn.dispatcher.store;

/**
 * An open delivery as the scheduler holds it: a key and no payload.
 *
 * @param due epoch milliseconds of its next attempt; 0 on the fresh side
 * @param seq the event's sequence number
 * @param attempts how many attempts it had
 * @param acceptedMillis epoch milliseconds of the event's acceptance, from which its age counts
 */
public record OpenDelivery(long due, long seq, int attempts, long acceptedMillis)
    implements Comparable<OpenDelivery> {
  @Override
  public int compareTo(OpenDelivery other) {
    int byDue = Long.compare(due, other.due);
    return byDue != 0 ? byDue : Long.compare(seq, other.seq);
  }
}
