package dev.posthorn.dispatcher.api;

import dev.posthorn.core.config.OutcomeClass;
import dev.posthorn.core.event.EventId;
import dev.posthorn.dispatcher.store.Attempt;
import dev.posthorn.dispatcher.store.AttemptDetail;
import dev.posthorn.dispatcher.store.DeliveryKey;
import dev.posthorn.dispatcher.store.Next;
import dev.posthorn.dispatcher.store.Write;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes attempts of acme's endpoint {@code erp} into the store of a test. */
final class Attempts {
  static final Instant TIME = ApiServer.NOW.plusSeconds(1);

  private static final AttemptDetail DETAIL =
      new AttemptDetail(
          "203.0.113.7",
          List.of("k_7f3a9c"),
          new AttemptDetail.Timings(1500, 2000, -1, 30_250, 41_000),
          new AttemptDetail.Message(
              List.of(
                  new AttemptDetail.Header("authorization", "***"),
                  new AttemptDetail.Header("webhook-id", "msg_1")),
              "{\"request\": \"payload-of-acme\"}".getBytes(StandardCharsets.UTF_8),
              false),
          new AttemptDetail.Message(
              List.of(new AttemptDetail.Header("server", "x")), new byte[] {(byte) 0xff, 0}, true),
          Instant.parse("2027-01-01T00:00:00Z"),
          -61L);

  private Attempts() {}

  /** A failed first attempt; the delivery waits. Returns its id in the log. */
  static String failed(ApiServer api, String event) {
    var due = new Next.Retry(TIME.plusSeconds(5), null);
    return write(api, event, OutcomeClass.HTTP_5XX, 503, due, false, TIME.plusSeconds(5));
  }

  /** The same, whose retry is due at a time. */
  static String failed(ApiServer api, String event, Instant time) {
    return write(api, event, OutcomeClass.HTTP_5XX, 503, new Next.Retry(time, null), false, time);
  }

  /** A first attempt that ended the delivery without success. */
  static String dead(ApiServer api, String event) {
    return write(api, event, OutcomeClass.EXPIRED, 0, new Next.Dead(), true, null);
  }

  /** A first attempt that succeeded. */
  static String delivered(ApiServer api, String event) {
    return write(api, event, OutcomeClass.DELIVERED, 200, new Next.Delivered(), true, null);
  }

  private static String write(
      ApiServer api,
      String event,
      OutcomeClass outcome,
      int status,
      Next next,
      boolean terminal,
      @Nullable Instant nextTime) {
    long seq = api.store.log().event("acme", new EventId(event)).orElseThrow().seq();
    int erp = api.endpoints.number("acme", "erp").orElseThrow();
    String error = status == 200 ? null : "it did not work";
    AttemptDetail detail = status == 0 ? AttemptDetail.NONE : DETAIL;
    var attempt =
        new Attempt(
            new DeliveryKey(erp, seq), 1, TIME, outcome, status, error, terminal, nextTime, detail);
    api.store.write(List.of(new Write.Record(attempt, next)));
    return api.get("owner", "/v1/tenants/acme/attempts?event=" + event).is(200).at("/items/0/id");
  }
}
