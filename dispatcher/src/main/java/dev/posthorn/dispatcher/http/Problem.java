package dev.posthorn.dispatcher.http;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One occurrence of a problem, answered as RFC 9457 {@code application/problem+json}.
 *
 * @param type its kind
 * @param detail what is wrong here and what to do; holds no payload, token or key
 * @param field the parameter, header or field at fault; null where it is not one field's
 * @param headers further response headers: {@code Allow}, {@code Retry-After}
 */
public record Problem(
    ProblemType type, String detail, @Nullable String field, Map<String, String> headers) {

  /** A problem of no single field. */
  public static Problem of(ProblemType type, String detail) {
    return new Problem(type, detail, null, Map.of());
  }

  /** A problem of one field, header or parameter. */
  public static Problem of(ProblemType type, String field, String detail) {
    return new Problem(type, detail, field, Map.of());
  }

  /** The same, to be tried again after {@code seconds}. */
  public Problem retryAfter(int seconds) {
    return new Problem(type, detail, field, Map.of("Retry-After", Integer.toString(seconds)));
  }

  /** The answer. */
  public Reply reply() {
    var body = new Body(type.uri(), type.title(), type.status(), detail, field);
    return new Reply(type.status(), "application/problem+json", Json.bytes(body), headers);
  }

  /** As an exception, for code that is not where answers are made. */
  public ProblemException exception() {
    return new ProblemException(this);
  }

  @JsonPropertyOrder({"type", "title", "status", "detail", "field"})
  private record Body(
      String type, String title, int status, String detail, @Nullable String field) {}
}
