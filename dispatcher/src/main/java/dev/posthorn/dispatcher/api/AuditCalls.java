package dev.posthorn.dispatcher.api;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.posthorn.dispatcher.http.Call;
import dev.posthorn.dispatcher.http.Reply;
import dev.posthorn.dispatcher.store.AuditEntry;
import dev.posthorn.dispatcher.store.DeliveryLog;
import dev.posthorn.dispatcher.store.DeliveryLog.LoggedAudit;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** {@code /v1/tenants/{tenant}/audit}: who asked for what. */
final class AuditCalls {
  private final DeliveryLog log;

  AuditCalls(DeliveryLog log) {
    this.log = log;
  }

  Reply list(Call call) {
    var list = new ListRequest("audit", call.query("fromTime", "toTime", "limit", "cursor"));
    return Reply.json(
        200, list.page(range -> log.audit(call.path("tenant"), range), AuditView::of));
  }

  /** An entry as answered. */
  @JsonPropertyOrder({"id", "time", "caller", "requestId", "action", "object", "detail"})
  private record AuditView(
      String id,
      Instant time,
      String caller,
      String requestId,
      String action,
      String object,
      @Nullable String detail) {

    static AuditView of(LoggedAudit logged) {
      AuditEntry entry = logged.entry();
      return new AuditView(
          Long.toString(logged.id()),
          entry.time(),
          entry.caller(),
          entry.request(),
          entry.action(),
          entry.object(),
          entry.detail());
    }
  }
}
