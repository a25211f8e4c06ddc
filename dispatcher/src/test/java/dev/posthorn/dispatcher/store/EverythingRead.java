package dev.posthorn.dispatcher.store;

import static java.util.stream.Collectors.joining;

import dev.posthorn.core.event.EventId;
import dev.posthorn.dispatcher.store.DeliveryLog.AttemptFilter;
import dev.posthorn.dispatcher.store.DeliveryLog.LoggedAttempt;
import dev.posthorn.dispatcher.store.DeliveryLog.Range;
import dev.posthorn.dispatcher.store.DeliveryLog.StoredEvent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * All that a store lets be read of the tenants of a run, as lines in which numbers that a sequence
 * gave are replaced by names: so those of two runs can be compared.
 */
final class EverythingRead {
  static final Range ALL = new Range(500, null, null, null);

  private static final AttemptFilter ANY = new AttemptFilter(null, null, null);

  private final DeliveryStore store;
  private final EveryWrite.Tenants names;
  private final List<String> tenants;
  private final Map<Integer, String> endpoints;
  private final Map<Long, String> events;
  private final List<String> lines = new ArrayList<>();

  EverythingRead(DeliveryStore store, EveryWrite.Tenants names) {
    this.store = store;
    this.names = names;
    tenants = List.of(names.acme(), names.globex());
    endpoints =
        store.endpoints().stream()
            .filter(each -> tenants.contains(each.tenant()))
            .collect(Collectors.toMap(EndpointRow::number, each -> each.name().name()));
    events =
        tenants.stream()
            .flatMap(each -> store.log().events(each, ALL, null).items().stream())
            .collect(Collectors.toMap(StoredEvent::seq, EverythingRead::name));
  }

  List<String> read(DeliveryLog.Totals before) {
    for (EndpointRow row : store.endpoints()) {
      if (endpoints.containsKey(row.number())) {
        health(row);
      }
    }
    tenants.forEach(this::tenant);
    endpoints.keySet().stream().sorted().forEach(this::endpoint);
    rejected();
    store.denials().stream()
        .filter(each -> each.keyringId().equals(names.ring()))
        .forEach(each -> line("denial", each.keyId(), each.time()));
    line("erasing", store.erasing().stream().filter(tenants::contains).count());
    DeliveryLog.Totals after = store.log().totals();
    line("totals", after.open() - before.open(), after.dead() - before.dead());
    Collections.sort(lines);
    return lines;
  }

  private void health(EndpointRow row) {
    EndpointRow.Health health = row.health();
    line(
        "endpoint",
        name(row.number()),
        health.state(),
        health.since().equals(Instant.EPOCH),
        health.lastSuccess(),
        health.failures(),
        health.lastError(),
        health.removedTime(),
        row.holds().within(0, names.now().plusSeconds(1).toEpochMilli()));
  }

  private void tenant(String tenant) {
    DeliveryLog log = store.log();
    log.events(tenant, ALL, null).items().forEach(each -> event(tenant, each.event().id()));
    log.attempts(tenant, ALL, ANY)
        .items()
        .forEach(each -> attempt(log.attempt(tenant, each.id()).orElseThrow()));
    log.deadLetters(tenant, ALL, null)
        .items()
        .forEach(each ->
            line("dead letter", name(each.delivery()), each.type(), each.time(), each.outcome()));
    log.audit(tenant, ALL)
        .items()
        .forEach(each ->
            line(
                "audit",
                each.entry().request(),
                each.entry().action(),
                each.entry().time(),
                each.entry().caller()));
    log.replays()
        .list(tenant, ALL)
        .items()
        .forEach(each ->
            line(
                "replay",
                each.state(),
                each.since(),
                each.cursor(),
                since(each.reached()),
                each.counts(),
                each.wish().select()));
    log.erasure(tenant)
        .ifPresent(each ->
            line(
                "erasure",
                each.requested(),
                each.completed(),
                each.deleted().entrySet().stream().sorted(Map.Entry.comparingByKey()).toList()));
  }

  private void event(String tenant, EventId id) {
    StoredEvent stored = store.log().event(tenant, id).orElseThrow();
    String targets = stored.targets().stream().map(this::name).collect(joining("+"));
    line(
        "event",
        name(stored),
        stored.event().accepted(),
        targets,
        stored.event().published().extensions(),
        text(stored.event().published().data().bytes()));
    store.log().deliveries(stored).stream()
        .map(each ->
            name(each.endpoint())
                + " "
                + each.state()
                + " "
                + each.attempts()
                + " "
                + since(each.due()))
        .sorted()
        .forEach(each -> line("delivery of", name(stored), each));
  }

  private void attempt(LoggedAttempt logged) {
    Attempt attempt = logged.attempt();
    line(
        "attempt",
        name(attempt.delivery()),
        logged.replay(),
        attempt.n(),
        attempt.time(),
        attempt.outcome(),
        attempt.status(),
        attempt.error(),
        attempt.terminal(),
        attempt.nextTime(),
        attempt.detail().equals(Samples.detail()));
  }

  private void endpoint(int number) {
    line("counts", name(number), store.log().counts(number));
    for (Side side : Side.values()) {
      for (OpenDelivery row :
          store.pages(List.of(new PageRequest(number, side, -1, -1, 0))).getFirst().rows()) {
        var key = new DeliveryKey(number, row.seq());
        line(
            "open",
            side,
            name(key),
            millis(row.due()),
            row.attempts(),
            millis(row.acceptedMillis()),
            store.log().frozenBody(key).map(EverythingRead::text).orElse("-"));
      }
    }
  }

  private void rejected() {
    for (var each : store.log().rejected(ALL).items()) {
      RejectedRecord record = each.record();
      if (record.source().equals(names.source())) {
        line("rejected", record.position(), record.reason(), text(record.payload()));
      }
    }
  }

  private void line(@Nullable Object... parts) {
    var line = new StringJoiner(" ");
    for (Object part : parts) {
      line.add(String.valueOf(since(part)));
    }
    lines.add(line.toString());
  }

  /** Times as distances from the run's own. */
  private @Nullable Object since(@Nullable Object value) {
    return value instanceof Instant time ? Duration.between(names.now(), time).toMillis() : value;
  }

  private long millis(long time) {
    return time == 0 ? 0 : time - names.now().toEpochMilli();
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private String name(int endpoint) {
    return endpoints.getOrDefault(endpoint, "endpoint of another tenant");
  }

  private String name(DeliveryKey key) {
    return name(key.endpoint()) + "/" + events.getOrDefault(key.seq(), "no event");
  }

  private static String name(StoredEvent stored) {
    var published = stored.event().published();
    return Objects.requireNonNullElse(published.id(), published.type());
  }
}
