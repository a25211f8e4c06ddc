package dev.posthorn.dispatcher.http;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Knows the operator, by the token that it wrote beside the settings. Nobody as long as there is
 * none. Thread-safe.
 */
public final class OperatorCallers implements Callers {
  private volatile @Nullable TokenHash known;

  /** Nobody is known yet. */
  public OperatorCallers() {}

  /** From now on this token is the operator's; null for none. */
  public void expect(@Nullable String token) {
    known = token == null ? null : TokenHash.of(token);
  }

  @Override
  public Optional<Caller> find(String token) {
    TokenHash expected = known;
    return expected != null && expected.equals(TokenHash.of(token))
        ? Optional.of(new Operator())
        : Optional.empty();
  }

  /** May make the calls that ask for a known caller, and nothing for any tenant. */
  private record Operator() implements Caller {
    @Override
    public String name() {
      return "operator";
    }

    @Override
    public boolean may(Verb verb, String tenant) {
      return false;
    }

    @Override
    public boolean maySomewhere(Verb verb) {
      return false;
    }
  }
}
