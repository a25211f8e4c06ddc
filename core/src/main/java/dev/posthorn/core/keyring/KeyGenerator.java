package dev.posthorn.core.keyring;

import dev.posthorn.crds.SigningSecretSpec.Algorithm;
import dev.posthorn.crds.SigningSecretSpec.Generate;
import dev.posthorn.crds.SigningSecretSpec.KeyFormat;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.random.RandomGenerator;

/** Makes key material in the format that its receiver is given. */
final class KeyGenerator {
  private static final int ED25519_BYTES = 32;
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private KeyGenerator() {}

  /** {@code random} must be a {@code SecureRandom} outside tests. */
  static KeyMaterial generate(Algorithm algorithm, Generate wish, RandomGenerator random) {
    boolean pair = algorithm == Algorithm.Ed25519;
    var seed = new byte[pair ? ED25519_BYTES : wish.bytes()];
    random.nextBytes(seed);
    byte[] key = pair ? withPublicKey(seed) : seed;
    byte[] text = write(key, pair ? "whsk_" : "whsec_", wish.format());
    try {
      return KeyMaterial.of(text);
    } finally {
      Arrays.fill(seed, (byte) 0);
      Arrays.fill(key, (byte) 0);
      Arrays.fill(text, (byte) 0);
    }
  }

  private static byte[] write(byte[] key, String prefix, KeyFormat format) {
    return switch (format) {
      case Whsec -> concat(prefix.getBytes(StandardCharsets.US_ASCII), base64(key));
      case Hex -> hex(key);
      case Base64 -> base64(key);
      // URL-safe, so that the text survives shells, headers and form fields
      case Utf8 -> Base64.getUrlEncoder().withoutPadding().encode(key);
    };
  }

  private static byte[] base64(byte[] key) {
    return Base64.getEncoder().encode(key);
  }

  private static byte[] hex(byte[] key) {
    var text = new byte[2 * key.length];
    for (int i = 0; i < key.length; i++) {
      text[2 * i] = HEX[(key[i] >> 4) & 0xf];
      text[2 * i + 1] = HEX[key[i] & 0xf];
    }
    return text;
  }

  private static byte[] concat(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    Arrays.fill(second, (byte) 0);
    return both;
  }

  /** Seed, then public key, as Standard Webhooks writes {@code whsk_}. */
  private static byte[] withPublicKey(byte[] seed) {
    try {
      var generator = KeyPairGenerator.getInstance("Ed25519");
      generator.initialize(NamedParameterSpec.ED25519, new Fixed(seed));
      byte[] spki = generator.generateKeyPair().getPublic().getEncoded();
      byte[] both = Arrays.copyOf(seed, 2 * ED25519_BYTES);
      System.arraycopy(spki, spki.length - ED25519_BYTES, both, ED25519_BYTES, ED25519_BYTES);
      return both;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has Ed25519", e);
    }
  }

  /** Gives the generator our seed: the JDK has no other way to derive the public key. */
  private static final class Fixed extends SecureRandom {
    private static final long serialVersionUID = 1L;
    private final transient byte[] seed;

    Fixed(byte[] seed) {
      this.seed = seed;
    }

    @Override
    public void nextBytes(byte[] bytes) {
      System.arraycopy(seed, 0, bytes, 0, bytes.length);
    }
  }
}
