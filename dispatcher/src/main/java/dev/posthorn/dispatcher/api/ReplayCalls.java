package dev.posthorn.dispatcher.api;

import dev.posthorn.dispatcher.http.Call;
import dev.posthorn.dispatcher.http.Problem;
import dev.posthorn.dispatcher.http.ProblemType;
import dev.posthorn.dispatcher.http.Reply;
import dev.posthorn.dispatcher.store.AuditEntry;
import dev.posthorn.dispatcher.store.DeliveryLog;
import dev.posthorn.dispatcher.store.ReplayAnswer;
import dev.posthorn.dispatcher.store.ReplayRow;
import dev.posthorn.dispatcher.store.ReplayWish;
import dev.posthorn.dispatcher.store.ReplayWrite;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code /v1/tenants/{tenant}/replays}. */
final class ReplayCalls {
  /** Replays of a tenant at once: each is a walk over its log. */
  private static final int MOST_RUNNING = 16;

  private final DeliveryLog log;
  private final EndpointDirectory endpoints;
  private final ReplayDesk desk;
  private final InstantSource clock;

  ReplayCalls(DeliveryLog log, EndpointDirectory endpoints, ReplayDesk desk, InstantSource clock) {
    this.log = log;
    this.endpoints = endpoints;
    this.desk = desk;
    this.clock = clock;
  }

  Reply start(Call call) {
    call.query();
    String tenant = call.path("tenant");
    ReplayBody body = ReplayBody.read(call);
    int number = Filters.declared(endpoints, tenant, body.endpoint());
    Instant now = clock.instant();
    ReplayWish wish = body.wish(number, now);
    AuditEntry audit =
        entry(
            call, "replays.start", "WebhookEndpoint/" + body.endpoint(), ReplayView.summary(wish));
    return switch (desk.write(new ReplayWrite.Start(audit, wish, MOST_RUNNING))) {
      case ReplayAnswer.Started(ReplayRow replay) -> Reply.json(202, view(replay));
      case ReplayAnswer.TooMany() ->
          throw Problem.of(
                  ProblemType.CONFLICT,
                  MOST_RUNNING
                      + " replays of the tenant run already: wait for one to end, or cancel one")
              .exception();
      case ReplayAnswer other -> throw new IllegalStateException("not to a start: " + other);
    };
  }

  Reply list(Call call) {
    var list = new ListRequest("replays", call.query("fromTime", "toTime", "limit", "cursor"));
    return Reply.json(
        200, list.page(range -> log.replays().list(call.path("tenant"), range), this::view));
  }

  Reply one(Call call) {
    call.query();
    return Reply.json(200, view(find(call)));
  }

  Reply cancel(Call call) {
    call.query();
    call.body(0);
    ReplayRow found = find(call);
    AuditEntry audit = entry(call, "replays.cancel", "Replay/" + found.number(), null);
    var answer = (ReplayAnswer.Cancelled) desk.write(new ReplayWrite.Cancel(audit, found.number()));
    ReplayRow cancelled = answer.replay();
    return Reply.json(200, view(cancelled == null ? found : cancelled));
  }

  private ReplayRow find(Call call) {
    return Filters.number(call.path("id")).stream()
        .mapToObj(number -> log.replays().find(call.path("tenant"), number))
        .flatMap(Optional::stream)
        .findFirst()
        .orElseThrow(() -> Filters.missing("replay"));
  }

  private AuditEntry entry(Call call, String action, String object, @Nullable String detail) {
    return new AuditEntry(
        call.path("tenant"),
        clock.instant(),
        call.caller().name(),
        call.requestId(),
        action,
        object,
        detail);
  }

  private ReplayView view(ReplayRow replay) {
    String endpoint = endpoints.name(replay.wish().endpoint());
    return ReplayView.of(replay, endpoint, endpoints.find(replay.tenant(), endpoint));
  }
}
