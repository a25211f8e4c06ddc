package dev.posthorn.dispatcher.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.posthorn.dispatcher.http.Call;
import dev.posthorn.dispatcher.http.Query;
import dev.posthorn.dispatcher.http.Reply;
import dev.posthorn.dispatcher.store.DeliveryLog;
import dev.posthorn.dispatcher.store.DeliveryLog.DeadLetter;
import dev.posthorn.dispatcher.store.DeliveryLog.LoggedReject;
import dev.posthorn.dispatcher.store.RejectedRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** What did not arrive: {@code /v1/tenants/{tenant}/dead-letters} and {@code /v1/rejected}. */
final class DeadLetterCalls {
  private final DeliveryLog log;
  private final EndpointDirectory endpoints;
  private final InstantSource clock;

  DeadLetterCalls(DeliveryLog log, EndpointDirectory endpoints, InstantSource clock) {
    this.log = log;
    this.endpoints = endpoints;
    this.clock = clock;
  }

  Reply deadLetters(Call call) {
    Query query = call.query("endpoint", "fromTime", "toTime", "limit", "cursor");
    String tenant = call.path("tenant");
    var list = new ListRequest("dead-letters", query);
    var endpoint = Filters.endpoint(query, endpoints, tenant);
    Instant now = clock.instant();
    return Reply.json(
        200, list.page(range -> log.deadLetters(tenant, range, endpoint), dead -> view(dead, now)));
  }

  private DeadLetterView view(DeadLetter dead, Instant now) {
    return new DeadLetterView(
        dead.event().value(),
        endpoints.name(dead.delivery().endpoint()),
        dead.type(),
        dead.outcome().wire(),
        dead.outcome().meaning() + ": " + dead.outcome().cure(),
        dead.time(),
        Math.max(0, Duration.between(dead.time(), now).toSeconds()));
  }

  Reply rejected(Call call) {
    var list = new ListRequest("rejected", call.query("fromTime", "toTime", "limit", "cursor"));
    return Reply.json(200, list.page(log::rejected, RejectedView::of));
  }

  /** A dead letter as answered. */
  @JsonPropertyOrder({"event", "endpoint", "type", "class", "reason", "time", "ageSeconds"})
  private record DeadLetterView(
      String event,
      String endpoint,
      String type,
      @JsonProperty("class") String outcome,
      String reason,
      Instant time,
      long ageSeconds) {}

  /** A rejected record as answered: without its payload, of which only the size is told. */
  @JsonPropertyOrder({"id", "source", "position", "time", "reason", "message", "payloadBytes"})
  private record RejectedView(
      String id,
      String source,
      String position,
      Instant time,
      String reason,
      String message,
      int payloadBytes) {

    static RejectedView of(LoggedReject logged) {
      RejectedRecord record = logged.record();
      return new RejectedView(
          Long.toString(logged.id()),
          record.source(),
          record.position(),
          record.time(),
          record.reason(),
          record.message(),
          record.payload().length);
    }
  }
}
