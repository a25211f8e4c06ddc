package dev.posthorn.dispatcher.api;

import dev.posthorn.dispatcher.http.Call;
import dev.posthorn.dispatcher.http.Reply;
import dev.posthorn.dispatcher.store.AuditEntry;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;

/** {@code /v1/tenants/{tenant}/endpoints}. */
final class EndpointCalls {
  private final EndpointDirectory endpoints;
  private final InstantSource clock;

  EndpointCalls(EndpointDirectory endpoints, InstantSource clock) {
    this.endpoints = endpoints;
    this.clock = clock;
  }

  /** One more than asked for tells whether the list goes on. */
  Reply list(Call call) {
    var list = new ListRequest("endpoints", call.query("limit", "cursor"));
    int limit = list.limit();
    List<EndpointStatus> found = endpoints.list(call.path("tenant"), list.mark(), limit + 1);
    boolean more = found.size() > limit;
    List<EndpointStatus> page = more ? found.subList(0, limit) : found;
    return Reply.json(
        200, list.page(page, more ? page.getLast().name() : null, Function.identity()));
  }

  Reply one(Call call) {
    call.query();
    return endpoints
        .find(call.path("tenant"), call.path("name"))
        .map(endpoint -> Reply.json(200, endpoint))
        .orElseThrow(Filters::missingEndpoint);
  }

  Reply enable(Call call) {
    call.query();
    call.body(0);
    String name = call.path("name");
    var entry =
        new AuditEntry(
            call.path("tenant"),
            clock.instant(),
            call.caller().name(),
            call.requestId(),
            "endpoints.enable",
            "WebhookEndpoint/" + name,
            null);
    return endpoints
        .enable(entry, name)
        .map(endpoint -> Reply.json(200, endpoint))
        .orElseThrow(Filters::missingEndpoint);
  }
}
