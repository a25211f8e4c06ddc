package dev.posthorn.dispatcher.api;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.posthorn.core.config.KeysConfig;
import dev.posthorn.core.keyring.KeyState;
import dev.posthorn.core.keyring.KeyVersion;
import dev.posthorn.core.keyring.Keyring;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a SigningSecret as the API shows them after a change: no key is in it.
 *
 * @param signingSecret its name
 * @param activeKeyId the newest key that signs; null while deliveries wait
 * @param nextStep one sentence for people: what happens when, what to do
 * @param keys newest first
 */
@JsonPropertyOrder({"signingSecret", "activeKeyId", "nextStep", "keys"})
record KeyView(
    String signingSecret, @Nullable String activeKeyId, String nextStep, List<Key> keys) {

  /** A key, without the key. */
  @JsonPropertyOrder({
    "keyId",
    "version",
    "state",
    "createdTime",
    "notBefore",
    "expiresTime",
    "revokedTime"
  })
  record Key(
      String keyId,
      int version,
      String state,
      Instant createdTime,
      @Nullable Instant notBefore,
      @Nullable Instant expiresTime,
      @Nullable Instant revokedTime) {}

  static KeyView of(KeysConfig config, Instant now) {
    Keyring keyring = config.keyring();
    return new KeyView(
        config.name().name(),
        keyring.activeAt(now).map(KeyVersion::keyId).orElse(null),
        nextStep(keyring, now),
        keyring.versions().reversed().stream().map(version -> key(version, keyring, now)).toList());
  }

  private static Key key(KeyVersion version, Keyring keyring, Instant now) {
    return new Key(
        version.keyId(),
        version.version(),
        keyring.stateAt(version, now).name(),
        version.createdTime(),
        version.times().notBefore(),
        version.times().expiresTime(),
        version.times().revokedTime());
  }

  private static String nextStep(Keyring keyring, Instant now) {
    Optional<KeyVersion> staged = newest(keyring, KeyState.Staged, now);
    if (keyring.pausedAt(now)) {
      return staged
          .map(key ->
              "Deliveries wait: give %s to the receiver, then acknowledge it."
                  .formatted(key.keyId()))
          .orElse("Deliveries wait until the Secret that holds the key has a new one.");
    }
    Optional<Instant> end =
        keyring.versions().stream()
            .filter(key -> key.times().signsAt(now))
            .flatMap(key -> Stream.ofNullable(key.times().expiresTime()))
            .min(Instant::compareTo);
    String active = keyring.activeAt(now).map(KeyVersion::keyId).orElse("");
    if (staged.isPresent() && end.isPresent()) {
      return "%s signs beside the former key from %s; the receiver must have it before %s."
          .formatted(staged.get().keyId(), staged.get().times().notBefore(), end.get());
    }
    return end.map(time ->
            "%s signs beside former keys, of which the next ends at %s: the receiver must have it by then."
                .formatted(active, time))
        .orElse("%s signs; nothing to do.".formatted(active));
  }

  private static Optional<KeyVersion> newest(Keyring keyring, KeyState state, Instant now) {
    return keyring.versions().reversed().stream()
        .filter(version -> keyring.stateAt(version, now) == state)
        .findFirst();
  }
}
