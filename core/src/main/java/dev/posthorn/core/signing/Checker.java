package dev.posthorn.core.signing;

import dev.posthorn.core.signing.Verification.Rejected;
import dev.posthorn.core.signing.Verification.Verified;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Verifies for somebody who looks for the mistake: a rejection also says under which change the
 * request would verify. Never for remote callers: it tells a forger what is wrong, and it costs a
 * hash per guess, at most {@value #MAX_GUESSES} of them with {@value #MAX_KEYS} keys.
 */
public final class Checker {
  /** As many changes as there are, one at a time: what two mistakes did together is not found. */
  static final int MAX_GUESSES = 24;

  /** More than any keyring overlaps; guesses with more would only cost time. */
  static final int MAX_KEYS = 16;

  private final Scheme scheme;
  private final List<byte[]> live;
  private final List<byte[]> former;

  Checker(Scheme scheme, List<byte[]> live, List<byte[]> former) {
    this.scheme = scheme;
    this.live = live;
    this.former = former;
  }

  /**
   * Checks {@code request} with secrets as configured, which it neither keeps nor wipes.
   *
   * @param live newest first; the index of a {@link Verified} counts these
   * @param former no longer valid: they verify nothing, but explain a mismatch
   * @throws IllegalStateException if the scheme does not verify
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
    Verification verdict = verify(Guess.none(scheme, live, request), now);
    return verdict instanceof Rejected rejected ? explained(rejected, request, now) : verdict;
  }

  private Rejected explained(Rejected rejected, Received request, Instant now) {
    for (Guess guess : guesses(rejected.reason(), request)) {
      if (verify(guess, now) instanceof Verified) {
        return new Rejected(rejected.reason(), sentence(guess, rejected));
      }
    }
    return rejected;
  }

  private String sentence(Guess guess, Rejected rejected) {
    if (guess.differs() == Guess.Part.NOTHING) {
      return rejected.message() + "; " + guess.hint();
    }
    return guess.differs().word()
        + " differs: "
        + (live.size() == 1 ? "1 key" : live.size() + " keys")
        + " tried; it verifies "
        + guess.hint();
  }

  /** What may be wrong with a request that is rejected for {@code reason}, likeliest first. */
  List<Guess> guesses(Rejection reason, Received request) {
    List<byte[]> tried = few(live);
    var guesses = new ArrayList<Guess>();
    switch (reason) {
      case NoKey -> {}
      case TimestampMalformed, TimestampOutsideTolerance -> {
        guesses.addAll(TimestampGuesses.of(scheme, tried, request));
        guesses.addAll(HeaderGuesses.of(scheme, tried, request));
      }
      case SignatureMismatch -> {
        guesses.addAll(BodyGuesses.of(scheme, tried, request));
        guesses.addAll(KeyGuesses.of(scheme, tried, few(former), request));
        guesses.addAll(HeaderGuesses.of(scheme, tried, request));
      }
      case HeaderMissing,
          HeaderAmbiguous,
          HeaderTooLong,
          TooManyItems,
          NoSignature,
          SignatureMalformed,
          BodyMalformed ->
          guesses.addAll(HeaderGuesses.of(scheme, tried, request));
    }
    return guesses;
  }

  private static List<byte[]> few(List<byte[]> secrets) {
    return secrets.subList(0, Math.min(secrets.size(), MAX_KEYS));
  }

  /** With those of the secrets that the scheme can use. */
  private static Verification verify(Guess guess, Instant now) {
    var keys = new ArrayList<SigningKey>();
    for (byte[] secret : guess.secrets()) {
      byte[] spelled = guess.spelling().apply(secret);
      if (guess.scheme().key(spelled) instanceof KeyReading.Usable(SigningKey key)) {
        keys.add(key);
      }
      Arrays.fill(spelled, (byte) 0);
    }
    try {
      return guess.scheme().verify(keys, guess.request(), now);
    } finally {
      keys.forEach(SigningKey::close);
    }
  }
}
