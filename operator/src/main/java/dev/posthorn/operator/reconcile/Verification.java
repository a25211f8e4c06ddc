package dev.posthorn.operator.reconcile;

import dev.posthorn.core.keyring.KeyMaterial;
import dev.posthorn.core.keyring.KeyState;
import dev.posthorn.core.keyring.KeyVersion;
import dev.posthorn.core.keyring.Keyring;
import dev.posthorn.core.keyring.PublicKeys;
import dev.posthorn.crds.ConditionType;
import dev.posthorn.crds.Reason;
import dev.posthorn.crds.SigningSecret;
import dev.posthorn.operator.cluster.VerificationSecrets;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a receiver in the cluster mounts: {@code keys} has all that may sign, newest first, a line
 * each; {@code current} is the newest in force. Thread-safe; blocks.
 */
record Verification(VerificationSecrets secrets) {
  /** A staged key is there early, so that a receiver has it before the first signature. */
  private static final Set<KeyState> USABLE =
      EnumSet.of(KeyState.Staged, KeyState.Active, KeyState.Overlapping);

  /** Stores the Secret if one is wished for; what is stated is empty where all is well. */
  List<Stated> store(SigningSecret secret, @Nullable Keyring keyring, Instant now) {
    String name = secret.getSpec() == null ? null : secret.getSpec().verificationSecretName();
    if (name == null || keyring == null) {
      return List.of();
    }
    return switch (secrets.store(secret, name, data(keyring, now))) {
      case STORED -> List.of();
      case TAKEN ->
          List.of(
              Stated.of(
                  ConditionType.Ready,
                  Stated.Truth.False,
                  Reason.Conflict,
                  "spec.verificationSecretName: Secret "
                      + name
                      + " is there and is not this SigningSecret's; name another one, or delete it"));
    };
  }

  static Map<String, String> data(Keyring keyring, Instant now) {
    var keys = new ByteArrayOutputStream();
    var data = new TreeMap<String, String>();
    for (KeyVersion version : keyring.versions().reversed()) {
      KeyMaterial material = version.material();
      if (material != null && USABLE.contains(keyring.stateAt(version, now))) {
        byte[] line = given(keyring, material);
        keys.writeBytes(line);
        keys.write('\n');
        if (keyring.stateAt(version, now) == KeyState.Active) {
          data.put("current", Base64.getEncoder().encodeToString(line));
        }
      }
    }
    data.put("keys", Base64.getEncoder().encodeToString(keys.toByteArray()));
    return data;
  }

  /** What the receiver is given: of a pair the public half. */
  private static byte[] given(Keyring keyring, KeyMaterial material) {
    byte[] bytes = material.bytes();
    if (!PublicKeys.isPair(keyring.algorithm())) {
      return bytes;
    }
    String open = PublicKeys.of(bytes);
    return open == null ? new byte[0] : open.getBytes(StandardCharsets.UTF_8);
  }
}
