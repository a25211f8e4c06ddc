package dev.posthorn.dispatcher.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.posthorn.dispatcher.store.Attempt;
import dev.posthorn.dispatcher.store.AttemptDetail;
import dev.posthorn.dispatcher.store.DeliveryLog.LoggedAttempt;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An attempt as answered; {@code request} and {@code response} only where it is asked for alone.
 */
@JsonPropertyOrder({
  "id",
  "event",
  "endpoint",
  "n",
  "replay",
  "time",
  "class",
  "status",
  "error",
  "terminal",
  "nextTime",
  "keyIds",
  "address",
  "timings",
  "certificateNotAfter",
  "clockSkewSeconds",
  "request",
  "response"
})
record AttemptView(
    String id,
    String event,
    String endpoint,
    int n,
    @Nullable Integer replay,
    Instant time,
    @JsonProperty("class") String outcome,
    @Nullable Integer status,
    @Nullable String error,
    boolean terminal,
    @Nullable Instant nextTime,
    List<String> keyIds,
    @Nullable String address,
    Timings timings,
    @Nullable Instant certificateNotAfter,
    @Nullable Long clockSkewSeconds,
    @Nullable Message request,
    @Nullable Message response) {

  /** The attempt in a list. */
  static AttemptView of(LoggedAttempt logged, String endpoint) {
    return of(logged, endpoint, null, null);
  }

  /**
   * The attempt alone.
   *
   * @param payload whether bodies are shown; headers are, and secret ones are masked already
   */
  static AttemptView whole(LoggedAttempt logged, String endpoint, boolean payload) {
    AttemptDetail detail = logged.attempt().detail();
    return of(
        logged,
        endpoint,
        Message.of(detail.request(), payload),
        Message.of(detail.response(), payload));
  }

  private static AttemptView of(
      LoggedAttempt logged,
      String endpoint,
      @Nullable Message request,
      @Nullable Message response) {
    Attempt attempt = logged.attempt();
    AttemptDetail detail = attempt.detail();
    return new AttemptView(
        Long.toString(logged.id()),
        logged.event().value(),
        endpoint,
        attempt.n(),
        logged.replay() == 0 ? null : logged.replay(),
        attempt.time(),
        attempt.outcome().wire(),
        attempt.status() == 0 ? null : attempt.status(),
        attempt.error(),
        attempt.terminal(),
        attempt.nextTime(),
        detail.keyIds(),
        detail.address(),
        Timings.of(detail.timings()),
        detail.certificateNotAfter(),
        detail.clockSkewSeconds(),
        request,
        response);
  }

  /** Milliseconds; a step that did not happen is left out. */
  @JsonPropertyOrder({"dnsMs", "connectMs", "tlsMs", "firstByteMs", "totalMs"})
  record Timings(
      @Nullable Double dnsMs,
      @Nullable Double connectMs,
      @Nullable Double tlsMs,
      @Nullable Double firstByteMs,
      @Nullable Double totalMs) {
    private static final double MICROS = 1000.0;

    static Timings of(AttemptDetail.Timings micros) {
      return new Timings(
          ms(micros.dns()),
          ms(micros.connect()),
          ms(micros.tls()),
          ms(micros.firstByte()),
          ms(micros.total()));
    }

    private static @Nullable Double ms(long micros) {
      return micros < 0 ? null : micros / MICROS;
    }
  }

  /** One half of the exchange. */
  @JsonPropertyOrder({"headers", "body", "bodyEncoding", "truncated"})
  record Message(
      List<Header> headers,
      @Nullable String body,
      @Nullable String bodyEncoding,
      boolean truncated) {

    static @Nullable Message of(AttemptDetail.@Nullable Message message, boolean payload) {
      if (message == null) {
        return null;
      }
      List<Header> headers =
          message.headers().stream().map(h -> new Header(h.name(), h.value())).toList();
      if (!payload) {
        return new Message(headers, null, null, message.truncated());
      }
      Content body = Content.of(message.body());
      return new Message(headers, body.text(), body.encoding(), message.truncated());
    }
  }

  /** A header line. */
  @JsonPropertyOrder({"name", "value"})
  record Header(String name, String value) {}
}
