package dev.posthorn.dispatcher.store;

import dev.posthorn.core.event.Event;
import dev.posthorn.core.event.EventId;
import dev.posthorn.core.event.PublishedEvent;
import dev.posthorn.dispatcher.store.Sealer.Purpose;
import dev.posthorn.dispatcher.store.Tenants.Tenant;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes events with their deliveries, and tells known ones by their idempotency key. */
final class AcceptWriter {
  /** The first event with a key. */
  private record Known(long seq, EventId id, long acceptedMillis) {}

  private final Tenants tenants;
  private final Sealer sealer;
  private final Sequence sequence;
  private final Tally.Change tally;
  private final AlertRows alerts;
  private final SqlStatement insertNotice;
  private final SqlStatement insertKey;
  private final SqlStatement findKey;
  private final SqlStatement deleteKey;
  private final SqlStatement insertEvent;
  private final SqlStatement insertPayload;
  private final SqlStatement insertDelivery;

  AcceptWriter(
      Connection connection,
      Tenants tenants,
      Sealer sealer,
      Sequence sequence,
      Tally.Change tally,
      AlertRows alerts)
      throws SQLException {
    this.alerts = alerts;
    this.tenants = tenants;
    this.sealer = sealer;
    this.sequence = sequence;
    this.tally = tally;
    insertNotice =
        new SqlStatement(
            connection,
            "INSERT INTO notice (name, tenant, time) VALUES (?, ?, ?) ON CONFLICT DO NOTHING");
    insertKey =
        new SqlStatement(
            connection, "INSERT INTO dedupe (seq, hash) VALUES (?, ?) ON CONFLICT DO NOTHING");
    findKey =
        new SqlStatement(
            connection,
            "SELECT d.seq, e.id, e.accepted FROM dedupe d LEFT JOIN event e USING (seq)"
                + " WHERE d.hash = ?");
    deleteKey = new SqlStatement(connection, "DELETE FROM dedupe WHERE hash = ?");
    insertEvent =
        new SqlStatement(
            connection,
            "INSERT INTO event (seq, id, tenant, accepted, type, attributes, targets)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?)");
    insertPayload = new SqlStatement(connection, "INSERT INTO payload (seq, data) VALUES (?, ?)");
    insertDelivery =
        new SqlStatement(
            connection, "INSERT INTO delivery (endpoint, seq, accepted, n) VALUES (?, ?, ?, 0)");
  }

  /** Writes a publish; a later event has a larger seq. */
  Written.Accepts accept(Write.Accept write) throws SQLException {
    List<NewEvent> events = write.events();
    if (write.once() != null && !first(write.once(), events)) {
      return new Written.Accepts(
          events.stream()
              .<Accepted>map(event -> new Accepted.Duplicate(event.event().id()))
              .toList());
    }
    Map<Integer, Accepted> duplicates = duplicates(events);
    long seq = sequence.last() - events.size();
    var answers = new ArrayList<Accepted>(events.size());
    for (int i = 0; i < events.size(); i++) {
      seq++;
      Accepted duplicate = duplicates.get(i);
      if (duplicate == null) {
        insert(seq, events.get(i));
        answers.add(new Accepted.Stored(events.get(i).event().id(), seq));
      } else {
        answers.add(duplicate);
      }
    }
    alerts.stored(events, answers);
    return new Written.Accepts(answers);
  }

  private boolean first(String name, List<NewEvent> events) throws SQLException {
    Event event = events.getFirst().event();
    int tenant = tenants.named(event.published().tenant()).number();
    return insertNotice.update(name, tenant, event.accepted().toEpochMilli()) > 0;
  }

  /**
   * Gives every event its number and claims the keys in their order, as every writer of a shared
   * database must; a duplicate leaves a gap in the numbers.
   */
  private Map<Integer, Accepted> duplicates(List<NewEvent> events) throws SQLException {
    long first = sequence.last() + 1;
    var keyed = new ArrayList<Integer>();
    for (int i = 0; i < events.size(); i++) {
      sequence.next();
      if (events.get(i).idempotencyKey().length > 0) {
        keyed.add(i);
      }
    }
    keyed.sort(
        Comparator.comparing((Integer i) -> events.get(i).idempotencyKey(), Arrays::compareUnsigned)
            .thenComparing(i -> i));
    var duplicates = new HashMap<Integer, Accepted>();
    for (int i : keyed) {
      byte[] key = events.get(i).idempotencyKey();
      if (insertKey.update(first + i, key) == 0) {
        Known known = known(key, first, events);
        if (remembered(known, events.get(i).event())) {
          duplicates.put(i, new Accepted.Duplicate(known.id()));
        } else {
          deleteKey.update((Object) key);
          insertKey.update(first + i, key);
        }
      }
    }
    return duplicates;
  }

  /** An event of this publish has its key, but no row yet. */
  private Known known(byte[] key, long first, List<NewEvent> events) throws SQLException {
    Known known =
        findKey.first(
            row -> {
              long seq = row.getLong(1);
              if (seq < first) {
                return new Known(seq, new EventId(row.getString(2)), row.getLong(3));
              }
              Event sibling = events.get((int) (seq - first)).event();
              return new Known(seq, sibling.id(), sibling.accepted().toEpochMilli());
            },
            (Object) key);
    if (known == null) {
      throw new IllegalStateException("an idempotency key is refused as known, and is not there");
    }
    return known;
  }

  /** Keys are deleted in slices, so a key may be older than its time. */
  private static boolean remembered(Known known, Event again) {
    return again.accepted().toEpochMilli() - known.acceptedMillis() < Retention.DEDUPE.toMillis();
  }

  private void insert(long seq, NewEvent added) throws SQLException {
    Event event = added.event();
    PublishedEvent published = event.published();
    Tenant tenant = tenants.named(published.tenant());
    long accepted = event.accepted().toEpochMilli();
    insertEvent.update(
        seq,
        event.id().value(),
        tenant.number(),
        accepted,
        published.type(),
        sealer.seal(tenant.key(), Purpose.ATTRIBUTES, seq, 0, EventCodec.attributes(event)),
        EventCodec.targets(added.targets()));
    byte[] data = published.data().bytes();
    insertPayload.update(seq, sealer.seal(tenant.key(), Purpose.PAYLOAD, seq, 0, data));
    for (int endpoint : added.targets()) {
      insertDelivery.update(endpoint, seq, accepted);
      tally.open(endpoint, 1);
    }
  }
}
