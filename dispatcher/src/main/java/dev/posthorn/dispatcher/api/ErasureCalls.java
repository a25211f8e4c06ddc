package dev.posthorn.dispatcher.api;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.posthorn.dispatcher.http.Call;
import dev.posthorn.dispatcher.http.Problem;
import dev.posthorn.dispatcher.http.ProblemException;
import dev.posthorn.dispatcher.http.ProblemType;
import dev.posthorn.dispatcher.http.Reply;
import dev.posthorn.dispatcher.store.AuditEntry;
import dev.posthorn.dispatcher.store.ErasedKind;
import dev.posthorn.dispatcher.store.Erasure;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code /v1/tenants/{tenant}/data}: erasing a tenant, and the receipt. */
final class ErasureCalls {
  private final ErasureDirectory erasures;
  private final InstantSource clock;

  ErasureCalls(ErasureDirectory erasures, InstantSource clock) {
    this.erasures = erasures;
    this.clock = clock;
  }

  /** 200 once nothing is left, 202 while it goes on. */
  Reply erase(Call call) {
    call.query();
    call.body(0);
    String tenant = call.path("tenant");
    var entry =
        new AuditEntry(
            tenant,
            clock.instant(),
            call.caller().name(),
            call.requestId(),
            "tenant.erase",
            "Tenant/" + tenant,
            null);
    Erasure erasure =
        erasures
            .erase(entry)
            .orElseThrow(
                () -> missing("nothing is known of this tenant, so there is nothing to erase"));
    return Reply.json(erasure.completed() == null ? 202 : 200, Receipt.of(erasure));
  }

  Reply receipt(Call call) {
    call.query();
    return erasures
        .find(call.path("tenant"))
        .map(erasure -> Reply.json(200, Receipt.of(erasure)))
        .orElseThrow(() -> missing("the tenant was never erased: DELETE of this path erases it"));
  }

  private static ProblemException missing(String detail) {
    return Problem.of(ProblemType.NOT_FOUND, detail).exception();
  }

  /** A receipt as answered. */
  @JsonPropertyOrder({
    "id",
    "tenant",
    "state",
    "requestedTime",
    "completedTime",
    "requestedBy",
    "erased",
    "notReached"
  })
  private record Receipt(
      String id,
      String tenant,
      String state,
      Instant requestedTime,
      @Nullable Instant completedTime,
      String requestedBy,
      Map<String, Long> erased,
      List<NotReached> notReached) {

    static Receipt of(Erasure erasure) {
      var erased = new LinkedHashMap<String, Long>();
      for (ErasedKind kind : ErasedKind.values()) {
        erased.put(kind.wire(), erasure.deleted(kind));
      }
      return new Receipt(
          Long.toString(erasure.id()),
          erasure.tenant(),
          erasure.completed() == null ? "Running" : "Completed",
          erasure.requested(),
          erasure.completed(),
          erasure.caller(),
          erased,
          Stream.of(Unreached.values())
              .map(each -> new NotReached(each.wire(), each.nextStep()))
              .toList());
    }
  }

  /** What is left elsewhere. */
  @JsonPropertyOrder({"what", "nextStep"})
  private record NotReached(String what, String nextStep) {}
}
