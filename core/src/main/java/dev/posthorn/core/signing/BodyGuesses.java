package dev.posthorn.core.signing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A receiver hashed something else than what came: the usual mistakes of frameworks and shells. */
final class BodyGuesses {
  /** Larger ones are not rewritten: each form of the JSON is a copy. */
  private static final int MAX_JSON = 1 << 20;

  private static final byte[] LF = {'\n'};
  private static final byte[] CRLF = {'\r', '\n'};

  private final Scheme scheme;
  private final List<byte[]> secrets;
  private final Received request;
  private final List<Guess> guesses = new ArrayList<>();

  private BodyGuesses(Scheme scheme, List<byte[]> secrets, Received request) {
    this.scheme = scheme;
    this.secrets = secrets;
    this.request = request;
  }

  static List<Guess> of(Scheme scheme, List<byte[]> secrets, Received request) {
    var of = new BodyGuesses(scheme, secrets, request);
    of.newlines();
    of.json();
    return of.guesses;
  }

  private void newlines() {
    byte[] body = request.body();
    withoutFinalNewline(body)
        .ifPresent(
            stripped -> add(stripped, "after removing the final newline: hash the raw body"));
    add(concat(body, LF), "with a final newline, which was removed: hash the raw body");
    add(
        concat(body, CRLF),
        "with a final carriage return and newline, which were removed: hash the raw body");
  }

  private void json() {
    if (request.body().length > MAX_JSON) {
      return;
    }
    for (JsonSpelling spelling : JsonSpelling.values()) {
      spelling
          .write(request.body())
          .filter(written -> !Arrays.equals(written, request.body()))
          .ifPresent(written ->
              add(
                  written,
                  "with the JSON written " + spelling + ": hash the raw body, before any parser"));
    }
  }

  private void add(byte[] body, String hint) {
    var changed = new Received(request.method(), request.url(), request.headers(), body);
    guesses.add(Guess.of(Guess.Part.BODY, scheme, secrets, changed, hint));
  }

  private static Optional<byte[]> withoutFinalNewline(byte[] body) {
    int length = body.length;
    if (length == 0 || body[length - 1] != '\n') {
      return Optional.empty();
    }
    int end = length > 1 && body[length - 2] == '\r' ? length - 2 : length - 1;
    return Optional.of(Arrays.copyOf(body, end));
  }

  private static byte[] concat(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }
}
