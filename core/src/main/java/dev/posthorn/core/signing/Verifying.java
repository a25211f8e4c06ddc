package dev.posthorn.core.signing;

import dev.posthorn.core.signing.Source.Found;
import dev.posthorn.core.signing.Source.InHeader;
import dev.posthorn.core.signing.Source.Items;
import dev.posthorn.core.signing.Source.Nothing;
import dev.posthorn.core.signing.Verification.Rejected;
import dev.posthorn.core.signing.Verification.Unsigned;
import dev.posthorn.core.signing.Verification.Verified;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The half of a scheme that verifies.
 *
 * @param timestamp form and tolerance; present if {@code timestampSource} is
 */
record Verifying(
    Template content,
    TextForm form,
    Source signatureSource,
    Optional<TimestampForm> timestamp,
    Optional<Source> timestampSource,
    Optional<Source> idSource) {

  Verifying withTolerance(Duration tolerance) {
    return withTimestamp(timestamp.map(t -> new TimestampForm(t.format(), tolerance)));
  }

  Verifying withTimestampFormat(TimestampForm.Format format) {
    return withTimestamp(timestamp.map(t -> new TimestampForm(format, t.tolerance())));
  }

  private Verifying withTimestamp(Optional<TimestampForm> other) {
    return new Verifying(content, form, signatureSource, other, timestampSource, idSource);
  }

  /** Whether it takes a value out of the body, so that not every body will do. */
  boolean readsBody() {
    return timestampSource.filter(Source.InBody.class::isInstance).isPresent()
        || idSource.filter(Source.InBody.class::isInstance).isPresent();
  }

  Verification verify(List<SigningKey> keys, Received request, Instant now) {
    if (keys.isEmpty()) {
      return new Rejected(
          Rejection.NoKey, "there is no live key to check with: name a secret that holds one");
    }
    Found signatures = signatureSource.find(request);
    if (signatures instanceof Nothing nothing) {
      return rejected(nothing);
    }
    Facts untrusted = facts(request, false);
    Optional<Rejected> early = untrusted.complaint(timestamp, now);
    if (early.isPresent()) {
      return early.get();
    }
    return switch (match(keys, request, untrusted, ((Items) signatures).values())) {
      case Rejected rejected -> rejected;
      case Verified verified -> {
        Facts facts = facts(request, true);
        Optional<Rejected> late = facts.complaint(timestamp, now);
        yield late.isPresent()
            ? late.get()
            : new Verified(verified.key(), facts.idOrNull(), facts.timeOrNull(timestamp));
      }
      case Unsigned unsigned -> unsigned;
    };
  }

  private Verification match(
      List<SigningKey> keys, Received request, Facts facts, List<String> items) {
    List<byte[]> signatures = items.stream().map(form::read).flatMap(Optional::stream).toList();
    if (signatures.isEmpty()) {
      return new Rejected(
          Rejection.SignatureMalformed,
          signatureSource + " holds no canonical " + form + ": check the sender's encoding");
    }
    byte[][] bytes = content.bytes(facts.values(request));
    for (int key = 0; key < keys.size(); key++) {
      if (keys.get(key).signer().verifies(bytes, signatures)) {
        return new Verified(key, null, null);
      }
    }
    return new Rejected(
        Rejection.SignatureMismatch,
        "signature does not match: "
            + (keys.size() == 1 ? "1 key" : keys.size() + " keys")
            + " tried: check that the secret is the sender's and that the body is hashed as it came");
  }

  /**
   * What the request says of itself. The body is parsed only once it is trusted, unless its values
   * are part of what is signed.
   */
  private Facts facts(Received request, boolean trusted) {
    return new Facts(
        fact(idSource, Placeholder.ID, request, trusted).filter(this::needed),
        fact(timestampSource, Placeholder.TIMESTAMP, request, trusted));
  }

  private Optional<Found> fact(
      Optional<Source> source, Placeholder placeholder, Received request, boolean trusted) {
    return source
        .filter(s -> trusted || s instanceof InHeader || content.uses(placeholder))
        .map(s -> s.findOne(request));
  }

  /** An id that is not signed may be missing: whoever defends against replays sees that. */
  private boolean needed(Found id) {
    return id instanceof Items || content.uses(Placeholder.ID);
  }

  private static Rejected rejected(Nothing nothing) {
    return new Rejected(nothing.reason(), nothing.message());
  }

  /** Id and timestamp as found; empty where the scheme has none or it is too early to look. */
  private record Facts(Optional<Found> id, Optional<Found> timestamp) {

    Optional<Rejected> complaint(Optional<TimestampForm> form, Instant now) {
      for (Optional<Found> found : List.of(id, timestamp)) {
        if (found.isPresent() && found.get() instanceof Nothing nothing) {
          return Optional.of(rejected(nothing));
        }
      }
      return form.filter(f -> timestamp.isPresent()).flatMap(f -> untimely(f, now));
    }

    private Optional<Rejected> untimely(TimestampForm form, Instant now) {
      Optional<Instant> time = form.read(text(timestamp));
      if (time.isEmpty()) {
        return Optional.of(
            new Rejected(
                Rejection.TimestampMalformed,
                "timestamp is not " + form.format() + ": check the sender's format"));
      }
      return form.complaint(time.get(), now)
          .map(message -> new Rejected(Rejection.TimestampOutsideTolerance, message));
    }

    Values values(Received request) {
      return new Values(
          text(id),
          text(timestamp),
          request.method(),
          request.url(),
          request.headers(),
          request.body());
    }

    @Nullable String idOrNull() {
      return id.isPresent() ? text(id) : null;
    }

    @Nullable Instant timeOrNull(Optional<TimestampForm> form) {
      return form.filter(f -> timestamp.isPresent())
          .flatMap(f -> f.read(text(timestamp)))
          .orElse(null);
    }

    private static String text(Optional<Found> found) {
      return found.isPresent() && found.get() instanceof Items(List<String> values)
          ? values.getFirst()
          : "";
    }
  }
}
