package dev.posthorn.dispatcher.send;

import dev.posthorn.core.config.OutcomeClass;
import dev.posthorn.core.egress.Verdict;
import dev.posthorn.core.egress.Verdict.Denied;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import okhttp3.Headers;
import org.jspecify.annotations.Nullable;

/** Makes the value that a request leaves behind from what its {@link Trace} saw. */
final class Exchanges {
  private static final byte[] NOTHING = {};
  private static final int DETAIL_CHARACTERS = 500;

  private Exchanges() {}

  /** The guard denied the URL. */
  static Exchange denied(Denied denied, Trace trace) {
    return failed(
        OutcomeClass.POLICY_DENIED, denied.rule().wire() + ": " + denied.sentence(), trace);
  }

  /** A complete answer, as far as its body is read. */
  static Exchange answered(Trace trace, Excerpt excerpt, Instant now) {
    var answer = trace.answer();
    if (answer == null) {
      throw new IllegalStateException("a body without an answer");
    }
    if (size(answer.headers()) > Failure.HEADER_BYTES) {
      return failed(OutcomeClass.RESPONSE_TOO_LARGE, "headers above 64 KiB", trace);
    }
    var date = RetryAfter.date(answer.header("Date"));
    return new Exchange(
        OutcomeClass.ofStatus(answer.code()),
        answer.code(),
        list(answer.headers()),
        excerpt.bytes(),
        excerpt.truncated(),
        null,
        null,
        text(trace.dialled()),
        trace.timings(),
        trace.certificateNotAfter(),
        date == null ? null : Duration.between(now.truncatedTo(ChronoUnit.SECONDS), date),
        RetryAfter.parse(answer.header("Retry-After"), now));
  }

  /**
   * No complete answer. A tenant learns the class, and of a denial only that it is one; {@code
   * detail} is for the platform.
   */
  static Exchange failed(OutcomeClass outcome, String detail, Trace trace) {
    boolean denied = outcome == OutcomeClass.POLICY_DENIED;
    var answer = outcome == OutcomeClass.RESPONSE_TOO_LARGE ? null : trace.answer();
    return new Exchange(
        outcome,
        answer == null ? 0 : answer.code(),
        answer == null ? List.of() : list(answer.headers()),
        NOTHING,
        false,
        denied ? Verdict.FOR_TENANTS : outcome.meaning() + "; " + outcome.cure(),
        printable(detail),
        denied ? null : text(trace.dialled()),
        denied ? trace.timings().totalOnly() : trace.timings(),
        trace.certificateNotAfter(),
        null,
        null);
  }

  private static List<Header> list(Headers headers) {
    var list = new ArrayList<Header>(headers.size());
    for (int i = 0; i < headers.size(); i++) {
      list.add(new Header(headers.name(i), headers.value(i)));
    }
    return List.copyOf(list);
  }

  /** As HTTP/1.1 carries them: colon, space, line end. */
  private static long size(Headers headers) {
    return headers.byteCount();
  }

  private static @Nullable String text(@Nullable InetSocketAddress dialled) {
    if (dialled == null) {
      return null;
    }
    var literal = dialled.getAddress().getHostAddress();
    return (literal.indexOf(':') < 0 ? literal : "[" + literal + "]") + ":" + dialled.getPort();
  }

  /** One short line: a receiver chooses parts of exception messages. */
  private static String printable(String text) {
    var start = text.length() > DETAIL_CHARACTERS ? text.substring(0, DETAIL_CHARACTERS) : text;
    return start.replaceAll("[^\\x20-\\x7e]+", " ");
  }
}
