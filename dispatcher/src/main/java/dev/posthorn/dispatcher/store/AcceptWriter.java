package dev.posthorn.dispatcher.store;

import dev.posthorn.core.event.Event;
import dev.posthorn.core.event.EventId;
import dev.posthorn.core.event.PublishedEvent;
import dev.posthorn.dispatcher.store.KeyClaims.Claim;
import dev.posthorn.dispatcher.store.KeyClaims.Refused;
import dev.posthorn.dispatcher.store.Sealer.Purpose;
import dev.posthorn.dispatcher.store.Tenants.Tenant;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes events with their deliveries, and tells known ones by their idempotency key. */
final class AcceptWriter {
  private static final List<String> COLUMNS =
      List.of("seq", "id", "tenant", "accepted", "type", "attributes", "targets");

  private static final Comparator<Claim> BY_KEY =
      Comparator.comparing(Claim::key, Arrays::compareUnsigned).thenComparingLong(Claim::seq);

  private final Tenants tenants;
  private final Sealer sealer;
  private final Sequence sequence;
  private final Dialect dialect;
  private final Tally.Change tally;
  private final StoredBytes.Change bytes;
  private final AlertRows alerts;
  private final SqlStatement insertNotice;
  private final KeyClaims keys;
  private final RowInsert events;
  private final RowInsert payloads;
  private final RowInsert deliveries;

  AcceptWriter(
      Connection connection,
      Dialect dialect,
      Tenants tenants,
      Sealer sealer,
      Sequence sequence,
      Tally.Change tally,
      StoredBytes.Change bytes,
      AlertRows alerts)
      throws SQLException {
    this.alerts = alerts;
    this.tenants = tenants;
    this.sealer = sealer;
    this.sequence = sequence;
    this.dialect = dialect;
    this.tally = tally;
    this.bytes = bytes;
    insertNotice =
        new SqlStatement(
            connection,
            "INSERT INTO notice (name, tenant, time) VALUES (?, ?, ?) ON CONFLICT DO NOTHING");
    keys = dialect.keyClaims();
    var columns = new ArrayList<>(COLUMNS);
    columns.addAll(dialect.eventColumns());
    events =
        dialect.rows(
            "INSERT INTO event (%s) VALUES (%s)"
                .formatted(
                    String.join(", ", columns),
                    String.join(", ", Collections.nCopies(columns.size(), "?"))));
    payloads = dialect.rows("INSERT INTO payload (seq, data) VALUES (?, ?)");
    deliveries =
        dialect.rows("INSERT INTO delivery (endpoint, seq, accepted, n) VALUES (?, ?, ?, 0)");
  }

  /** Writes publishes; a later event has a larger seq. One answer per publish. */
  List<Written> accept(List<Write.Accept> writes) throws SQLException {
    var fresh = new ArrayList<NewEvent>();
    var known = new ArrayList<Boolean>(writes.size());
    for (Write.Accept write : writes) {
      boolean again = write.once() != null && !first(write.once(), write.events());
      known.add(again);
      if (!again) {
        fresh.addAll(write.events());
      }
    }
    List<Accepted> stored = store(fresh);
    var answers = new ArrayList<Written>(writes.size());
    int next = 0;
    for (int i = 0; i < writes.size(); i++) {
      List<NewEvent> events = writes.get(i).events();
      if (known.get(i)) {
        answers.add(new Written.Accepts(duplicates(events)));
      } else {
        List<Accepted> own = List.copyOf(stored.subList(next, next + events.size()));
        alerts.stored(events, own);
        answers.add(new Written.Accepts(own));
        next += events.size();
      }
    }
    return answers;
  }

  private boolean first(String name, List<NewEvent> events) throws SQLException {
    Event event = events.getFirst().event();
    int tenant = tenants.named(event.published().tenant()).number();
    return insertNotice.update(name, tenant, event.accepted().toEpochMilli()) > 0;
  }

  private static List<Accepted> duplicates(List<NewEvent> events) {
    return events.stream()
        .<Accepted>map(event -> new Accepted.Duplicate(event.event().id()))
        .toList();
  }

  /** A duplicate leaves a gap in the numbers. */
  private List<Accepted> store(List<NewEvent> added) throws SQLException {
    long[] numbers = sequence.next(added.size());
    Map<Long, Accepted> duplicates = duplicates(numbers, added);
    var answers = new ArrayList<Accepted>(added.size());
    for (int i = 0; i < numbers.length; i++) {
      Accepted duplicate = duplicates.get(numbers[i]);
      if (duplicate == null) {
        insert(numbers[i], added.get(i));
        answers.add(new Accepted.Stored(added.get(i).event().id(), numbers[i]));
      } else {
        answers.add(duplicate);
      }
    }
    events.flush();
    payloads.flush();
    deliveries.flush();
    return answers;
  }

  /** Claims the keys in their order, as every writer of a shared database must. */
  private Map<Long, Accepted> duplicates(long[] numbers, List<NewEvent> added) throws SQLException {
    var claims = new ArrayList<Claim>();
    var siblings = new HashMap<Long, Event>();
    for (int i = 0; i < numbers.length; i++) {
      if (added.get(i).idempotencyKey().length > 0) {
        claims.add(new Claim(numbers[i], added.get(i).idempotencyKey()));
        siblings.put(numbers[i], added.get(i).event());
      }
    }
    var duplicates = new HashMap<Long, Accepted>();
    if (claims.isEmpty()) {
      return duplicates;
    }
    claims.sort(BY_KEY);
    var replaced = new TreeMap<byte[], Event>(Arrays::compareUnsigned);
    for (Refused refused : keys.claim(claims)) {
      Claim claim = refused.claim();
      Event event = Objects.requireNonNull(siblings.get(claim.seq()));
      EventId first = first(refused, siblings.get(refused.seq()), replaced.get(claim.key()), event);
      if (first == null) {
        keys.replace(claim);
        replaced.put(claim.key(), event);
      } else {
        duplicates.put(claim.seq(), new Accepted.Duplicate(first));
      }
    }
    return duplicates;
  }

  /** Whose duplicate it is; null where the key is older than its time, and the event a new one. */
  private static @Nullable EventId first(
      Refused refused, @Nullable Event sibling, @Nullable Event successor, Event again) {
    if (successor != null) {
      return successor.id();
    }
    if (sibling != null) {
      return remembered(sibling.accepted().toEpochMilli(), again) ? sibling.id() : null;
    }
    return remembered(refused.acceptedMillis(), again) ? refused.id() : null;
  }

  /** Keys are deleted in slices, so a key may be older than its time. */
  private static boolean remembered(long acceptedMillis, Event again) {
    return again.accepted().toEpochMilli() - acceptedMillis < Retention.DEDUPE.toMillis();
  }

  private void insert(long seq, NewEvent added) throws SQLException {
    Event event = added.event();
    PublishedEvent published = event.published();
    Tenant tenant = tenants.named(published.tenant());
    long accepted = event.accepted().toEpochMilli();
    var values = new ArrayList<@Nullable Object>(COLUMNS.size() + 2);
    values.add(seq);
    values.add(event.id().value());
    values.add(tenant.number());
    values.add(accepted);
    values.add(published.type());
    values.add(sealer.seal(tenant.key(), Purpose.ATTRIBUTES, seq, 0, EventCodec.attributes(event)));
    values.add(EventCodec.targets(added.targets()));
    values.addAll(dialect.eventValues(tenant.name()));
    events.add(values.toArray());
    byte[] data = published.data().bytes();
    byte[] sealed = sealer.seal(tenant.key(), Purpose.PAYLOAD, seq, 0, data);
    payloads.add(seq, sealed);
    bytes.stored(tenant, sealed.length);
    for (int endpoint : added.targets()) {
      deliveries.add(endpoint, seq, accepted);
      tally.open(endpoint, 1);
    }
  }
}
