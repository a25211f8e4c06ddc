package dev.posthorn.dispatcher.api;

import dev.posthorn.core.event.EventId;
import dev.posthorn.dispatcher.accept.MatchExplainer;
import dev.posthorn.dispatcher.http.Call;
import dev.posthorn.dispatcher.http.Query;
import dev.posthorn.dispatcher.http.Reply;
import dev.posthorn.dispatcher.http.Verb;
import dev.posthorn.dispatcher.store.DeliveryLog;
import dev.posthorn.dispatcher.store.DeliveryLog.AttemptFilter;
import dev.posthorn.dispatcher.store.DeliveryLog.Range;
import dev.posthorn.dispatcher.store.DeliveryLog.StoredEvent;
import java.util.List;

/** {@code /v1/tenants/{tenant}/events}. */
final class EventCalls {
  /** Attempts shown with an event, the newest; the others are in the list of attempts. */
  private static final int MAX_ATTEMPTS = 500;

  private final DeliveryLog log;
  private final EndpointDirectory endpoints;
  private final MatchExplainer matches;

  EventCalls(DeliveryLog log, EndpointDirectory endpoints, MatchExplainer matches) {
    this.log = log;
    this.endpoints = endpoints;
    this.matches = matches;
  }

  Reply list(Call call) {
    Query query = call.query("type", "fromTime", "toTime", "limit", "cursor");
    var list = new ListRequest("events", query);
    return Reply.json(
        200,
        list.page(
            range -> log.events(call.path("tenant"), range, query.get("type")), EventView::of));
  }

  Reply one(Call call) {
    call.query();
    String tenant = call.path("tenant");
    boolean payload = call.caller().may(Verb.PAYLOAD, tenant);
    return EventId.parse(call.path("id"))
        .flatMap(id -> log.event(tenant, id))
        .map(stored -> Reply.json(200, whole(stored, tenant, payload)))
        .orElseThrow(() -> Filters.missing("event"));
  }

  private EventView.Whole whole(StoredEvent stored, String tenant, boolean payload) {
    EventView.Data data =
        payload ? EventView.Data.of(stored.event().published().data()) : EventView.Data.HIDDEN;
    return new EventView.Whole(
        EventView.of(stored),
        data.value(),
        data.encoding(),
        deliveries(stored),
        attempts(tenant, stored.event().id()),
        matches.explain(stored).stream().map(EventView.Matched::of).toList());
  }

  private List<EventView.Delivery> deliveries(StoredEvent stored) {
    return log.deliveries(stored).stream()
        .map(delivery ->
            new EventView.Delivery(
                endpoints.name(delivery.endpoint()),
                EventView.Delivery.spelled(delivery.state()),
                delivery.attempts(),
                delivery.due()))
        .toList();
  }

  private List<AttemptView> attempts(String tenant, EventId event) {
    var range = new Range(MAX_ATTEMPTS, null, null, null);
    return log.attempts(tenant, range, new AttemptFilter(null, event, null)).items().stream()
        .map(logged ->
            AttemptView.of(logged, endpoints.name(logged.attempt().delivery().endpoint())))
        .toList();
  }
}
