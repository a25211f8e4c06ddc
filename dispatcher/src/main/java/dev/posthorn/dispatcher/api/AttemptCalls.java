package dev.posthorn.dispatcher.api;

import dev.posthorn.core.config.OutcomeClass;
import dev.posthorn.core.event.EventId;
import dev.posthorn.dispatcher.http.Call;
import dev.posthorn.dispatcher.http.Query;
import dev.posthorn.dispatcher.http.Reply;
import dev.posthorn.dispatcher.http.Verb;
import dev.posthorn.dispatcher.store.DeliveryLog;
import dev.posthorn.dispatcher.store.DeliveryLog.AttemptFilter;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code /v1/tenants/{tenant}/attempts}. */
final class AttemptCalls {
  private static final String CLASSES =
      Stream.of(OutcomeClass.values()).map(OutcomeClass::wire).collect(Collectors.joining(", "));

  private final DeliveryLog log;
  private final EndpointDirectory endpoints;

  AttemptCalls(DeliveryLog log, EndpointDirectory endpoints) {
    this.log = log;
    this.endpoints = endpoints;
  }

  Reply list(Call call) {
    Query query = call.query("endpoint", "event", "class", "fromTime", "toTime", "limit", "cursor");
    String tenant = call.path("tenant");
    var list = new ListRequest("attempts", query);
    var filter =
        new AttemptFilter(Filters.endpoint(query, endpoints, tenant), event(query), outcome(query));
    return Reply.json(
        200,
        list.page(
            range -> log.attempts(tenant, range, filter),
            logged ->
                AttemptView.of(logged, endpoints.name(logged.attempt().delivery().endpoint()))));
  }

  private static @Nullable EventId event(Query query) {
    String text = query.get("event");
    if (text == null) {
      return null;
    }
    return EventId.parse(text)
        .orElseThrow(() ->
            Query.wrong(
                "event", "event must be the id that publishing answered: msg_ and 26 characters"));
  }

  private static @Nullable OutcomeClass outcome(Query query) {
    String text = query.get("class");
    if (text == null) {
      return null;
    }
    return OutcomeClass.ofWire(text)
        .orElseThrow(() -> Query.wrong("class", "class must be one of " + CLASSES));
  }

  Reply one(Call call) {
    call.query();
    String tenant = call.path("tenant");
    boolean payload = call.caller().may(Verb.PAYLOAD, tenant);
    return Filters.number(call.path("id")).stream()
        .mapToObj(id -> log.attempt(tenant, id))
        .flatMap(Optional::stream)
        .map(logged ->
            AttemptView.whole(
                logged, endpoints.name(logged.attempt().delivery().endpoint()), payload))
        .map(view -> Reply.json(200, view))
        .findFirst()
        .orElseThrow(() -> Filters.missing("attempt"));
  }
}
