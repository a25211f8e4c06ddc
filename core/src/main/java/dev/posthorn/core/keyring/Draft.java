package dev.posthorn.core.keyring;

import dev.posthorn.crds.Reason;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** A keyring while it is being planned: one thread, one plan. */
final class Draft {
  /** More are not kept: the config object of a keyring and its status are bounded. */
  private static final int MAX_VERSIONS = 100;

  private final Keyring before;
  private final Instant now;
  private final List<KeyVersion> versions;
  private final List<String> revokedDigests;
  private final List<KeyringFinding> findings = new ArrayList<>();

  Draft(Keyring before, Instant now) {
    this.before = before;
    this.now = now;
    this.versions = new ArrayList<>(before.versions());
    this.revokedDigests = new ArrayList<>(before.revokedDigests());
  }

  Instant now() {
    return now;
  }

  List<KeyVersion> versions() {
    return List.copyOf(versions);
  }

  List<KeyringFinding> findings() {
    return List.copyOf(findings);
  }

  void tell(Reason reason, String field, String message) {
    findings.add(new KeyringFinding(reason, field, message));
  }

  void tell(KeyringFinding finding) {
    findings.add(finding);
  }

  /** The keyring as it stands, with a new revision if anything changed. */
  Keyring keyring() {
    if (versions.equals(before.versions()) && revokedDigests.equals(before.revokedDigests())) {
      return before;
    }
    return new Keyring(
        before.keyringId(),
        before.revision() + 1,
        now,
        before.algorithm(),
        versions,
        revokedDigests);
  }

  KeyState state(KeyVersion version) {
    return keyring().stateAt(version, now);
  }

  /** The version made last, whatever became of it. */
  Optional<KeyVersion> newest() {
    return versions.stream().max(Comparator.comparingInt(KeyVersion::version));
  }

  /** The version that signs, or will sign, without an end. */
  Optional<KeyVersion> current() {
    return versions.stream().filter(Draft::isOpen).findFirst();
  }

  /** The version that signs only once its receiver has it. */
  Optional<KeyVersion> awaited() {
    return current().filter(version -> version.times().notBefore() == null);
  }

  private static boolean isOpen(KeyVersion version) {
    return version.times().revokedTime() == null && version.times().expiresTime() == null;
  }

  Optional<KeyVersion> find(String keyId) {
    return versions.stream().filter(version -> version.keyId().equals(keyId)).findFirst();
  }

  /** Former keys that have not reached their end yet. */
  List<KeyVersion> overlapping() {
    return versions.stream()
        .filter(version -> version.times().revokedTime() == null)
        .filter(version ->
            version.times().expiresTime() != null && version.times().expiresTime().isAfter(now))
        .toList();
  }

  /** Sends {@code message} to each of the versions that {@code which} holds for. */
  void send(KeyMessage message, Instant end, Predicate<KeyVersion> which) {
    Keyring at = keyring();
    for (KeyVersion version : List.copyOf(versions)) {
      if (which.test(version)) {
        send(message, end, version, at.stateAt(version, now));
      }
    }
  }

  private void send(KeyMessage message, Instant end, KeyVersion version, KeyState state) {
    KeyTransition action = KeyTransition.of(state, message);
    KeyMaterial material = version.material();
    if (action == KeyTransition.Revoke && material != null) {
      revokedDigests.add(digest(material));
    }
    versions.set(versions.indexOf(version), action.apply(version, now, end));
  }

  /** Adds a version; {@code notBefore} absent: it waits to be acknowledged. */
  void add(KeyMaterial material, @Nullable Instant notBefore, RandomGenerator random) {
    int number = newest().map(KeyVersion::version).orElse(0) + 1;
    versions.add(
        new KeyVersion(number, keyId(random), material, now, new KeyTimes(notBefore, null, null)));
    if (versions.size() > MAX_VERSIONS) {
      versions.stream()
          .filter(version -> version.material() == null)
          .findFirst()
          .ifPresent(versions::remove);
    }
  }

  private String keyId(RandomGenerator random) {
    Set<String> taken = new HashSet<>();
    versions.forEach(version -> taken.add(version.keyId()));
    String keyId;
    do {
      keyId = "k_" + HexFormat.of().toHexDigits(random.nextInt(1 << 24), 6);
    } while (taken.contains(keyId));
    return keyId;
  }

  boolean isRevoked(KeyMaterial material) {
    return revokedDigests.contains(digest(material));
  }

  /** Keyed, so that the digests of two keyrings cannot be compared. */
  private String digest(KeyMaterial material) {
    byte[] key = before.keyringId().getBytes(StandardCharsets.UTF_8);
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(material.bytes()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }
}
