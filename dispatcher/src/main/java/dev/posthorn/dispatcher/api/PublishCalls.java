package dev.posthorn.dispatcher.api;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.posthorn.core.event.EventReader;
import dev.posthorn.core.event.Header;
import dev.posthorn.core.event.PublishedEvent;
import dev.posthorn.core.event.Reading;
import dev.posthorn.core.event.TenantRule;
import dev.posthorn.dispatcher.accept.Acceptance;
import dev.posthorn.dispatcher.accept.Acceptor;
import dev.posthorn.dispatcher.http.Call;
import dev.posthorn.dispatcher.http.Caller;
import dev.posthorn.dispatcher.http.Problem;
import dev.posthorn.dispatcher.http.ProblemException;
import dev.posthorn.dispatcher.http.ProblemType;
import dev.posthorn.dispatcher.http.Reply;
import dev.posthorn.dispatcher.http.Verb;
import dev.posthorn.dispatcher.store.Accepted;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** {@code POST /v1/events}. */
final class PublishCalls {
  /** Bytes of the body of a batch. */
  static final int MAX_BATCH_BYTES = 5 * 1024 * 1024;

  /** What the JSON around one payload may take. */
  private static final int ENVELOPE_BYTES = 64 * 1024;

  private static final String BATCH_TYPE = "application/cloudevents-batch";
  private static final int ERASING_SECONDS = 2;

  private final Acceptor acceptor;
  private final IntSupplier maxPayloadBytes;

  PublishCalls(Acceptor acceptor, IntSupplier maxPayloadBytes) {
    this.acceptor = acceptor;
    this.maxPayloadBytes = maxPayloadBytes;
  }

  Reply publish(Call call) {
    call.query();
    int maxPayload = maxPayloadBytes.getAsInt();
    byte[] body = call.body(bodyLimit(call.header("content-type"), maxPayload));
    return switch (EventReader.read(headers(call), body, TenantRule.stated())) {
      case Reading.Refused refused -> problem(refused).reply();
      case Reading.Events(List<PublishedEvent> events, boolean batch) -> {
        check(events, batch, call.caller(), maxPayload);
        yield events.isEmpty() ? answer(List.of(), batch) : accept(events, batch);
      }
    };
  }

  /** A payload in JSON may be in base64, four bytes for three. */
  private static int bodyLimit(@Nullable String contentType, int maxPayload) {
    return contentType != null && contentType.toLowerCase(Locale.ROOT).startsWith(BATCH_TYPE)
        ? MAX_BATCH_BYTES
        : (int) Math.min(Integer.MAX_VALUE - 8, maxPayload * 4L / 3 + ENVELOPE_BYTES);
  }

  private static List<Header> headers(Call call) {
    var headers = new ArrayList<Header>();
    call.headers((name, value) -> headers.add(new Header(name, value)));
    return headers;
  }

  private static Problem problem(Reading.Refused refused) {
    ProblemType type =
        switch (refused.kind()) {
          case UNREADABLE -> ProblemType.UNREADABLE;
          case UNSUPPORTED_TYPE -> ProblemType.UNSUPPORTED_TYPE;
          case INVALID -> ProblemType.INVALID;
        };
    String field = refused.field();
    return field == null
        ? Problem.of(type, refused.detail())
        : Problem.of(type, field, refused.detail());
  }

  private static void check(
      List<PublishedEvent> events, boolean batch, Caller caller, int maxPayload) {
    for (int i = 0; i < events.size(); i++) {
      String at = batch ? "[" + i + "]." : "";
      PublishedEvent event = events.get(i);
      if (!caller.may(Verb.PUBLISH, event.tenant())) {
        throw foreign(caller, at + "tenant");
      }
      if (event.data().bytes().length > maxPayload) {
        throw tooLarge(at + "data", maxPayload);
      }
    }
  }

  private static ProblemException foreign(Caller caller, String field) {
    return Problem.of(
            ProblemType.FORBIDDEN,
            field,
            "the token \""
                + caller.name()
                + "\" may not publish for this tenant: correct the tenant, or use its token")
        .exception();
  }

  private static ProblemException tooLarge(String field, int maxPayload) {
    return Problem.of(
            ProblemType.TOO_LARGE,
            field,
            "the data is larger than "
                + maxPayload
                + " bytes: send less, or a reference to where it lies")
        .exception();
  }

  private Reply accept(List<PublishedEvent> events, boolean batch) {
    return switch (acceptor.accept(events, Acceptor.HTTP)) {
      case Acceptance.Durable(List<Accepted> answers) -> answer(answers, batch);
      case Acceptance.Refused refused -> problem(refused).reply();
      case Acceptance.Erasing(String tenant) -> erasing(tenant).reply();
      case Acceptance.Full(var _, String message, int retryAfterSeconds) ->
          Problem.of(ProblemType.TENANT_QUOTA, message).retryAfter(retryAfterSeconds).reply();
    };
  }

  /** Nothing is stored for a tenant that is being erased. */
  static Problem erasing(String tenant) {
    return Problem.of(
            ProblemType.TENANT_ERASING,
            "tenant "
                + tenant
                + " is being erased: try again when that is done, which GET /v1/tenants/"
                + tenant
                + "/data tells")
        .retryAfter(ERASING_SECONDS);
  }

  private static Problem problem(Acceptance.Refused refused) {
    ProblemType type =
        switch (refused.cause()) {
          case NOT_READY -> ProblemType.NOT_READY;
          case STORE_UNAVAILABLE -> ProblemType.STORE_UNAVAILABLE;
          case OVERLOADED -> ProblemType.OVERLOADED;
          case TENANT_QUOTA -> ProblemType.TENANT_QUOTA;
          case TOO_LARGE -> ProblemType.TOO_LARGE;
        };
    Problem problem = Problem.of(type, refused.message());
    return type == ProblemType.TOO_LARGE
        ? problem
        : problem.retryAfter(refused.retryAfterSeconds());
  }

  private static Reply answer(List<Accepted> answers, boolean batch) {
    List<Receipt> receipts = answers.stream().map(Receipt::of).toList();
    return Reply.json(202, batch ? new Receipts(receipts) : receipts.getFirst());
  }

  /** The answer to one event. */
  @JsonPropertyOrder({"id", "duplicate"})
  private record Receipt(String id, boolean duplicate) {
    static Receipt of(Accepted accepted) {
      return new Receipt(accepted.id().value(), accepted instanceof Accepted.Duplicate);
    }
  }

  /** The answer to a batch. */
  private record Receipts(List<Receipt> items) {}
}
