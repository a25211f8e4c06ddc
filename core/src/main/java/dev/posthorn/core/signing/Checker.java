package dev.posthorn.core.signing;

import dev.posthorn.core.signing.Verification.Rejected;
import dev.posthorn.core.signing.Verification.Verified;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Verifies for somebody who looks for the mistake: a mismatch also says under which change the
 * request would verify. Never for remote callers: it tells a forger what is wrong, and it costs a
 * hash per guess.
 */
public final class Checker {
  private static final List<String> PREFIXES = List.of("whsec_", "whsk_", "whpk_");

  private final Scheme scheme;
  private final List<byte[]> live;
  private final List<byte[]> former;

  private Checker(Scheme scheme, List<byte[]> live, List<byte[]> former) {
    this.scheme = scheme;
    this.live = live;
    this.former = former;
  }

  /**
   * Checks {@code request} with secrets as configured, which it neither keeps nor wipes.
   *
   * @param live newest first; the index of a {@link Verified} counts these
   * @param former no longer valid: they verify nothing, but explain a mismatch
   */
  public static Verification check(
      Scheme scheme, List<byte[]> live, List<byte[]> former, Received request, Instant now) {
    return new Checker(scheme, live, former).check(request, now);
  }

  private Verification check(Received request, Instant now) {
    for (byte[] secret : live) {
      if (!scheme.isUnsigned() && scheme.key(secret) instanceof KeyReading.Unusable unusable) {
        return new Rejected(Rejection.NoKey, unusable.finding().message());
      }
    }
    Verification verdict = verify(scheme, live, request, now);
    if (verdict instanceof Rejected(Rejection reason, String message)
        && reason == Rejection.SignatureMismatch) {
      return hint(request, now)
          .<Verification>map(hint -> new Rejected(reason, mismatch() + "; it verifies " + hint))
          .orElse(verdict);
    }
    return verdict;
  }

  private String mismatch() {
    return "signature does not match: "
        + (live.size() == 1 ? "1 key" : live.size() + " keys")
        + " tried";
  }

  private Optional<String> hint(Received request, Instant now) {
    for (Change change : changes(request)) {
      if (verify(change.scheme(), change.secrets(), change.request(), now) instanceof Verified) {
        return Optional.of(change.hint());
      }
    }
    return Optional.empty();
  }

  /** What somebody may have done wrong, and what to do about it. */
  private record Change(Scheme scheme, List<byte[]> secrets, Received request, String hint) {}

  private List<Change> changes(Received request) {
    var changes = new ArrayList<Change>();
    withoutFinalNewline(request.body())
        .map(body -> new Received(request.method(), request.url(), request.headers(), body))
        .ifPresent(stripped ->
            changes.add(
                new Change(
                    scheme,
                    live,
                    stripped,
                    "after removing the final newline: hash the raw body, as it came")));
    changes.add(
        new Change(
            scheme,
            former,
            request,
            "with a former key: the sender has not switched to the new secret"));
    changes.addAll(otherKeyForms(request));
    return changes;
  }

  private List<Change> otherKeyForms(Received request) {
    return List.of(
        keyForm(
            KeyForm.Encoding.UTF8,
            List.of(),
            request,
            "with the secret as text, prefix kept: one side decodes what the other takes whole"),
        keyForm(
            KeyForm.Encoding.UTF8,
            PREFIXES,
            request,
            "with the secret as text after its prefix: one side strips what the other keeps"),
        keyForm(
            KeyForm.Encoding.BASE64,
            PREFIXES,
            request,
            "with the secret decoded from base64 after its prefix: one side takes it as text"),
        keyForm(
            KeyForm.Encoding.HEX,
            PREFIXES,
            request,
            "with the secret decoded from hexadecimal: one side takes it as text"));
  }

  private Change keyForm(
      KeyForm.Encoding encoding, List<String> prefixes, Received request, String hint) {
    return new Change(scheme.withKeyForm(encoding, prefixes), live, request, hint);
  }

  private static Optional<byte[]> withoutFinalNewline(byte[] body) {
    int length = body.length;
    if (length == 0 || body[length - 1] != '\n') {
      return Optional.empty();
    }
    int end = length > 1 && body[length - 2] == '\r' ? length - 2 : length - 1;
    return Optional.of(Arrays.copyOf(body, end));
  }

  /** With those of the secrets that {@code scheme} can use. */
  private static Verification verify(
      Scheme scheme, List<byte[]> secrets, Received request, Instant now) {
    var keys = new ArrayList<SigningKey>();
    for (byte[] secret : secrets) {
      if (scheme.key(secret) instanceof KeyReading.Usable(SigningKey key)) {
        keys.add(key);
      }
    }
    try {
      return scheme.verify(keys, request, now);
    } finally {
      keys.forEach(SigningKey::close);
    }
  }
}
