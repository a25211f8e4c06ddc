package dev.posthorn.core.signing;

import dev.posthorn.crds.SignatureSchemeSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A signature scheme, compiled from its descriptor. Immutable, for any number of threads.
 *
 * <p>A scheme has a half that signs, a half that verifies, or both; {@code none} has neither and
 * leaves requests as they are.
 */
public final class Scheme {
  private final Optional<KeyForm> keyForm;
  private final Optional<Signing> signing;
  private final Optional<Verifying> verifying;

  Scheme(KeyForm keyForm, Optional<Signing> signing, Optional<Verifying> verifying) {
    this.keyForm = Optional.of(keyForm);
    this.signing = signing;
    this.verifying = verifying;
  }

  private Scheme() {
    this.keyForm = Optional.empty();
    this.signing = Optional.empty();
    this.verifying = Optional.empty();
  }

  /** The scheme {@code none}: no keys, no headers, nothing to check. */
  static Scheme unsigned() {
    return new Scheme();
  }

  /**
   * Compiles a descriptor of a user. Expensive next to signing: once per change, not per request.
   */
  public static SchemeReading compile(SignatureSchemeSpec spec) {
    return SchemeCompiler.compile(spec, false);
  }

  /** Whether this is {@code none}. */
  public boolean isUnsigned() {
    return keyForm.isEmpty();
  }

  /** Whether {@link #sign} works: always for {@code none}. */
  public boolean signs() {
    return isUnsigned() || signing.isPresent();
  }

  /** Whether {@link #verify} works: always for {@code none}. */
  public boolean verifies() {
    return isUnsigned() || verifying.isPresent();
  }

  /**
   * Whether its header has room for one signature only, so that {@link #sign} takes exactly one
   * key: during an overlap the keyring says which.
   */
  public boolean carriesOneSignature() {
    return signing.isPresent() && signing.get().one();
  }

  /** The names of the headers that {@link #sign} sets, as the descriptor spells them. */
  public List<String> headerNames() {
    return signing.map(Signing::headerNames).orElse(List.of());
  }

  /**
   * Names of headers that this scheme and {@code other} cannot both set on one request, as this one
   * spells them. What they can share: equal lines, such as the id, and a list of signatures whose
   * items differ, such as {@code v1,...} and {@code v1a,...}.
   */
  public List<String> clashes(Scheme other) {
    return signing.isEmpty() || other.signing.isEmpty()
        ? List.of()
        : signing.get().clashes(other.signing.get());
  }

  /**
   * The headers of several schemes on one request, none of which clash: what they share is there
   * once, lists of signatures are joined, earlier schemes first.
   *
   * @param signed what {@link #sign} gave, in the order of {@code schemes}
   */
  public static List<Header> joined(List<Scheme> schemes, List<List<Header>> signed) {
    if (signed.size() == 1) {
      return signed.getFirst();
    }
    var lines = new LinkedHashMap<String, Header>();
    for (int i = 0; i < signed.size(); i++) {
      String separator = schemes.get(i).signing.map(Signing::separator).orElse("");
      for (Header header : signed.get(i)) {
        lines.merge(
            header.name().toLowerCase(Locale.ROOT),
            header,
            (first, next) ->
                first.value().equals(next.value())
                    ? first
                    : new Header(first.name(), first.value() + separator + next.value()));
      }
    }
    return List.copyOf(lines.values());
  }

  /**
   * Derives this scheme's key from a secret as configured, for example the UTF-8 of {@code
   * whsec_...}. The caller may wipe {@code secret} afterwards.
   */
  public KeyReading key(byte[] secret) {
    return keyForm
        .map(form -> form.read(secret))
        .orElseGet(() ->
            new KeyReading.Unusable(
                new SchemeFinding("key", "the scheme none takes no secret: leave it out")));
  }

  /** The key that {@code bytes} are, without any decoding. */
  SigningKey keyOf(byte[] bytes) {
    KeyReading reading =
        keyForm
            .orElseThrow(() -> new IllegalStateException("the scheme none has no keys"))
            .decoded(bytes);
    return switch (reading) {
      case KeyReading.Usable usable -> usable.key();
      case KeyReading.Unusable unusable ->
          throw new IllegalStateException("the bytes are no key: " + unusable.finding());
    };
  }

  /**
   * The headers that sign {@code message}, in the descriptor's order.
   *
   * @param newestFirst the signing set of this moment; exactly one if {@link #carriesOneSignature}
   * @throws IllegalArgumentException if the number of keys is wrong (nothing is ever sent
   *     unsigned), or the message's id or time has no form in the scheme
   * @throws IllegalStateException if the scheme or a key does not sign, or a key is closed
   */
  public List<Header> sign(List<SigningKey> newestFirst, Message message) {
    if (isUnsigned()) {
      return List.of();
    }
    return signing
        .orElseThrow(() -> new IllegalStateException("scheme only verifies: sign with another"))
        .sign(newestFirst, message);
  }

  /**
   * Whether {@code request} carries a signature of one of {@code keys}, at the time {@code now}.
   *
   * @throws IllegalStateException if the scheme does not verify, or a key is closed
   */
  public Verification verify(List<SigningKey> keys, Received request, Instant now) {
    if (isUnsigned()) {
      return new Verification.Unsigned();
    }
    return verifying
        .orElseThrow(() -> new IllegalStateException("scheme only signs: verify with another"))
        .verify(keys, request, now);
  }

  /** The same scheme for secrets that are written in another way. */
  Scheme withKeyForm(KeyForm.Encoding encoding, List<String> stripPrefixes) {
    return keyForm
        .map(form -> new KeyForm(form.algorithm(), encoding, stripPrefixes))
        .map(form -> new Scheme(form, signing, verifying))
        .orElse(this);
  }

  /** How the requests that it verifies write their time. */
  Optional<TimestampForm.Format> timestampFormat() {
    return verifying.flatMap(Verifying::timestamp).map(TimestampForm::format);
  }

  /** The same scheme for requests that write their time in another way. */
  Scheme withTimestampFormat(TimestampForm.Format format) {
    return keyForm
        .map(form -> new Scheme(form, signing, verifying.map(v -> v.withTimestampFormat(format))))
        .orElse(this);
  }

  /** The same scheme with another tolerance; without effect if it has no timestamp. */
  public Scheme withTolerance(Duration tolerance) {
    return keyForm
        .map(form -> new Scheme(form, signing, verifying.map(v -> v.withTolerance(tolerance))))
        .orElse(this);
  }
}
