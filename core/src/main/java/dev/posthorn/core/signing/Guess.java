package dev.posthorn.core.signing;

import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What somebody may have done wrong: the request as it would be without, and what to do about it.
 *
 * @param differs what the two sides have different
 * @param secrets as configured
 * @param spelling makes of each secret a copy that was changed or not, to be wiped after use
 * @param hint goes on after "it verifies"
 */
record Guess(
    Part differs,
    Scheme scheme,
    List<byte[]> secrets,
    UnaryOperator<byte[]> spelling,
    Received request,
    String hint) {

  /** The request as it is. */
  static Guess none(Scheme scheme, List<byte[]> secrets, Received request) {
    return of(Part.NOTHING, scheme, secrets, request, "as it is");
  }

  /** With the secrets as they are. */
  static Guess of(
      Part differs, Scheme scheme, List<byte[]> secrets, Received request, String hint) {
    return new Guess(differs, scheme, secrets, byte[]::clone, request, hint);
  }

  /** What a mistake is in. */
  enum Part {
    BODY("body"),
    KEY("key"),
    HEADER("header"),
    TIMESTAMP("timestamp"),
    /** Both sides agree; only the reason that was found stands in the way. */
    NOTHING("nothing");

    private final String word;

    Part(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }
  }

  @Override
  public String toString() {
    return "Guess[" + hint + "]";
  }
}
