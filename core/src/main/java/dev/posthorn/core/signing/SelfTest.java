package dev.posthorn.core.signing;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Signs a sample and verifies it: a descriptor whose halves do not fit would otherwise show that
 * only at the first receiver.
 */
final class SelfTest {
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
  private static final byte[] BODY = "{\"sample\":true}".getBytes(StandardCharsets.UTF_8);

  /** The key pair of RFC 8032 section 7.1, test 1: seed, then public key. */
  private static final byte[] KEY =
      HexFormat.of()
          .parseHex(
              "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
                  + "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");

  private SelfTest() {}

  /** Empty too if there is nothing to compare, or a value of the body would be needed. */
  static Optional<SchemeFinding> complaint(Scheme scheme, Optional<Verifying> verifying) {
    if (!scheme.signs() || verifying.isEmpty() || verifying.get().readsBody()) {
      return Optional.empty();
    }
    try (SigningKey key = scheme.keyOf(KEY)) {
      List<SigningKey> keys = scheme.carriesOneSignature() ? List.of(key) : List.of(key, key);
      var message = Message.post("msg_sample", NOON, "https://hooks.example.com/in", BODY);
      var request = new Received(message.method(), message.url(), scheme.sign(keys, message), BODY);
      return switch (scheme.verify(keys, request, NOON)) {
        case Verification.Verified verified -> Optional.empty();
        case Verification.Unsigned unsigned -> Optional.empty();
        case Verification.Rejected rejected ->
            Optional.of(
                new SchemeFinding(
                    "verify",
                    "what headers sign, verify refuses ("
                        + rejected.message()
                        + "): compare names, separators and prefixes"));
      };
    }
  }
}
