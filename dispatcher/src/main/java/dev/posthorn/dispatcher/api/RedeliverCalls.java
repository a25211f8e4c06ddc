package dev.posthorn.dispatcher.api;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.posthorn.core.event.EventId;
import dev.posthorn.dispatcher.http.Call;
import dev.posthorn.dispatcher.http.Problem;
import dev.posthorn.dispatcher.http.ProblemType;
import dev.posthorn.dispatcher.http.Reply;
import dev.posthorn.dispatcher.store.AuditEntry;
import dev.posthorn.dispatcher.store.DeliveryKey;
import dev.posthorn.dispatcher.store.DeliveryLog;
import dev.posthorn.dispatcher.store.DeliveryLog.StoredEvent;
import dev.posthorn.dispatcher.store.ReplayAnswer;
import dev.posthorn.dispatcher.store.ReplayWrite;
import java.time.Instant;
import java.time.InstantSource;

/** {@code /v1/tenants/{tenant}/events/{id}/redeliver}. */
final class RedeliverCalls {
  private final DeliveryLog log;
  private final EndpointDirectory endpoints;
  private final ReplayDesk desk;
  private final InstantSource clock;

  RedeliverCalls(
      DeliveryLog log, EndpointDirectory endpoints, ReplayDesk desk, InstantSource clock) {
    this.log = log;
    this.endpoints = endpoints;
    this.desk = desk;
    this.clock = clock;
  }

  /** What became of the wish. The constant's name is what the answer says. */
  enum Result {
    /** Ended before, or never there: open and due now. */
    Opened,
    /** It waited for its retry, which is due now. */
    Hastened,
    /** Open and due already: nothing was changed. */
    DueAlready,
    /** An attempt is under way: it is left alone. */
    InFlight
  }

  Reply redeliver(Call call) {
    call.query();
    String tenant = call.path("tenant");
    String name =
        ActionBody.read(call, "endpoint")
            .get("endpoint")
            .orElseThrow(() ->
                Problem.of(
                        ProblemType.INVALID,
                        "endpoint",
                        "endpoint must be the name of an endpoint: GET .../endpoints lists them")
                    .exception());
    StoredEvent event =
        EventId.parse(call.path("id"))
            .flatMap(id -> log.event(tenant, id))
            .orElseThrow(() -> Filters.missing("event"));
    EndpointStatus endpoint =
        endpoints.find(tenant, name).orElseThrow(() -> Filters.missingEndpoint());
    var key =
        new DeliveryKey(
            endpoints.number(tenant, name).orElseThrow(Filters::missingEndpoint), event.seq());
    Result result = desk.inFlight(key) ? Result.InFlight : written(call, key, event, name);
    return Reply.json(
        200,
        new Redelivered(
            event.event().id().value(), name, result, nextStep(result, event, endpoint)));
  }

  private Result written(Call call, DeliveryKey key, StoredEvent event, String endpoint) {
    Instant now = clock.instant();
    var audit =
        new AuditEntry(
            call.path("tenant"),
            now,
            call.caller().name(),
            call.requestId(),
            "events.redeliver",
            "Event/" + event.event().id().value(),
            "to " + endpoint);
    var answer = (ReplayAnswer.Redelivered) desk.write(new ReplayWrite.Redeliver(audit, key, now));
    return switch (answer.opening()) {
      case OPENED -> Result.Opened;
      case HASTENED -> Result.Hastened;
      case DUE_ALREADY -> Result.DueAlready;
      case EXPIRED ->
          throw Problem.of(
                  ProblemType.CONFLICT,
                  "the event's data has reached the end of its retention: publish it again")
              .exception();
    };
  }

  private static String nextStep(Result result, StoredEvent event, EndpointStatus endpoint) {
    if (result == Result.InFlight) {
      return "An attempt is under way, and is left alone: if it fails, ask again.";
    }
    return endpoint.state().sends()
        ? "Due now: GET .../attempts?event=%s shows what comes of it."
            .formatted(event.event().id().value())
        : "Due now, and waits for its endpoint. " + endpoint.nextStep();
  }

  @JsonPropertyOrder({"event", "endpoint", "result", "nextStep"})
  private record Redelivered(String event, String endpoint, Result result, String nextStep) {}
}
