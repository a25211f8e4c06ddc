package dev.posthorn.dispatcher.store;

import dev.posthorn.core.config.KeyDenial;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a process hears of the others that use the same database, in one round.
 *
 * @param fed events that others stored for tenants of its lanes, in the order of their numbers
 * @param ownership which lanes it has from now on; null where that did not change
 * @param sendUntil until when it may start requests, epoch milliseconds: its lease, less a margin;
 *     as read, how many milliseconds are left
 * @param enable numbers of endpoints that somebody wants enabled
 * @param reread numbers of endpoints whose deliveries others have changed: read them again
 * @param endpoints endpoints of other lanes as they are now; empty where it did not look
 * @param erasing tenants whose erasure runs; null where nothing changed
 * @param denials keys that may not sign; empty where nothing changed
 * @param givenUp lanes that it gave up with the transaction before
 */
public record Shared(
    List<FedEvent> fed,
    @Nullable Ownership ownership,
    long sendUntil,
    List<Integer> enable,
    List<Integer> reread,
    List<EndpointRow> endpoints,
    @Nullable List<String> erasing,
    List<KeyDenial> denials,
    List<Integer> givenUp) {
  /** For a process that has the database for itself. */
  public static final Shared ALONE = of(List.of(), null, Long.MAX_VALUE);

  /** The same events and lanes, and nothing else. */
  static Shared of(List<FedEvent> fed, @Nullable Ownership ownership, long sendUntil) {
    return new Shared(
        fed, ownership, sendUntil, List.of(), List.of(), List.of(), null, List.of(), List.of());
  }

  /** With the end of the lease as a time, read at {@code now}. */
  Shared at(long now) {
    return sendUntil == Long.MAX_VALUE
        ? this
        : new Shared(
            fed, ownership, now + sendUntil, enable, reread, endpoints, erasing, denials, givenUp);
  }

  /** After a transaction that gave these up. */
  Shared after(List<Integer> lanes) {
    return lanes.isEmpty()
        ? this
        : new Shared(
            fed,
            ownership,
            sendUntil,
            enable,
            reread,
            endpoints,
            erasing,
            denials,
            List.copyOf(lanes));
  }

  /** Whether it says nothing but how long the lease is. */
  boolean isEmpty() {
    return fed.isEmpty()
        && ownership == null
        && enable.isEmpty()
        && reread.isEmpty()
        && endpoints.isEmpty()
        && erasing == null
        && denials.isEmpty()
        && givenUp.isEmpty();
  }

  /**
   * An event that another process stored.
   *
   * @param acceptedMillis its acceptance
   * @param targets numbers of the endpoints it goes to
   */
  public record FedEvent(long seq, long acceptedMillis, List<Integer> targets) {}

  /**
   * The lanes of a process.
   *
   * @param lanes all of them
   * @param gained endpoints of lanes that it did not have before, as they are now
   * @param release a lane that it must give up once nothing of it is in flight; null for none
   * @param anew whether it has joined anew: all that it knows of rows must be read again
   */
  public record Ownership(
      Set<Integer> lanes, List<EndpointRow> gained, @Nullable Integer release, boolean anew) {}
}
