package dev.posthorn.core.signing;

import dev.posthorn.core.signing.TimestampForm.Format;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One side counts in another unit, or the request is right but for its time. */
final class TimestampGuesses {
  /** Longer than from 1970 to the last timestamp of 14 digits. */
  private static final Duration ANY_AGE = Duration.ofSeconds(100_000_000_000_000L);

  private TimestampGuesses() {}

  static List<Guess> of(Scheme scheme, List<byte[]> secrets, Received request) {
    var guesses = new ArrayList<Guess>();
    Format own = scheme.timestampFormat().orElse(null);
    for (Format format : Format.values()) {
      if (own != null && format != own) {
        String hint =
            "when its timestamp is read as " + format.unit() + ": the scheme has " + own.unit();
        Scheme other = scheme.withTimestampFormat(format);
        guesses.add(Guess.of(Guess.Part.TIMESTAMP, other, secrets, request, hint));
      }
    }
    guesses.add(
        Guess.of(
            Guess.Part.NOTHING,
            scheme.withTolerance(ANY_AGE),
            secrets,
            request,
            "the signature itself is right"));
    return guesses;
  }
}
