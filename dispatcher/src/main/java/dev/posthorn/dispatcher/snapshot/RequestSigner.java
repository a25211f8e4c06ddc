package dev.posthorn.dispatcher.snapshot;

import dev.posthorn.core.config.KeysConfig;
import dev.posthorn.core.keyring.KeyMaterial;
import dev.posthorn.core.keyring.KeyVersion;
import dev.posthorn.core.keyring.SigningSet;
import dev.posthorn.core.signing.KeyReading;
import dev.posthorn.core.signing.Scheme;
import dev.posthorn.crds.SigningSecretSpec.Cutover;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One way in which requests to an endpoint are signed: a scheme and all versions of its key. Which
 * of them sign is decided at the moment of signing. Immutable, any thread.
 */
public final class RequestSigner {
  private final Scheme scheme;
  private final SigningSet<NamedKey> keys;
  private final Cutover cutover;
  private final Set<String> keyIds;

  private RequestSigner(Scheme scheme, List<SigningSet.Entry<NamedKey>> keys, Cutover cutover) {
    this.scheme = scheme;
    this.keys = SigningSet.of(keys);
    this.cutover = cutover;
    this.keyIds =
        keys.stream().map(entry -> entry.key().keyId()).collect(Collectors.toUnmodifiableSet());
  }

  /**
   * Derives the scheme's keys; versions without material, of another form, or without the private
   * half are left out.
   */
  static RequestSigner of(Scheme scheme, @Nullable KeysConfig config) {
    var entries = new ArrayList<SigningSet.Entry<NamedKey>>();
    if (config != null) {
      for (KeyVersion version : config.keyring().versions()) {
        derive(scheme, version)
            .ifPresent(key ->
                entries.add(new SigningSet.Entry<>(version.version(), version.times(), key)));
      }
    }
    boolean immediately = config != null && config.cutover() == KeysConfig.Cutover.IMMEDIATELY;
    return new RequestSigner(
        scheme, entries, immediately ? Cutover.Immediately : Cutover.AtOverlapEnd);
  }

  private static Optional<NamedKey> derive(Scheme scheme, KeyVersion version) {
    KeyMaterial material = version.material();
    if (material == null) {
      return Optional.empty();
    }
    byte[] secret = material.bytes();
    try {
      return scheme.key(secret) instanceof KeyReading.Usable(var key) && key.signs()
          ? Optional.of(new NamedKey(version.keyId(), key))
          : Optional.empty();
    } finally {
      Arrays.fill(secret, (byte) 0);
    }
  }

  /** The scheme. */
  public Scheme scheme() {
    return scheme;
  }

  /** The keys that sign at {@code t}, newest first; empty means: wait, never send unsigned. */
  public List<NamedKey> keysAt(Instant t) {
    return scheme.carriesOneSignature()
        ? keys.oneAt(t, cutover).map(List::of).orElse(List.of())
        : keys.at(t);
  }

  /** Whether it still has this key: one that was revoked is not there any more. */
  boolean has(String keyId) {
    return keyIds.contains(keyId);
  }

  /** Whether it can sign at {@code t}. */
  public boolean readyAt(Instant t) {
    return scheme.isUnsigned() || !keysAt(t).isEmpty();
  }
}
