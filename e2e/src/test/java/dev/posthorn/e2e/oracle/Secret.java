package dev.posthorn.e2e.oracle;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Random;

/**
 * A secret in the forms that the two sides are given.
 *
 * @param signing for the side that signs
 * @param verifying for the side that verifies; the same where it is shared
 */
record Secret(String signing, String verifying) {
  private static final int RAW_ED25519 = 32;

  /** How a vendor writes its secrets. */
  enum Kind {
    TEXT {
      @Override
      Secret make(Random random) {
        return shared("s3cr=t/" + Base64.getUrlEncoder().encodeToString(bytes(random, 24)));
      }
    },
    /** Standard Webhooks: 24 to 64 bytes. */
    WHSEC {
      @Override
      Secret make(Random random) {
        byte[] key = bytes(random, 24 + random.nextInt(41));
        return shared("whsec_" + Base64.getEncoder().encodeToString(key));
      }
    },
    HEX {
      @Override
      Secret make(Random random) {
        return shared(HexFormat.of().formatHex(bytes(random, 32)).toUpperCase(Locale.ROOT));
      }
    },
    /** {@code whsk_} with seed and public key, {@code whpk_} with the public key. */
    WHSK {
      @Override
      Secret make(Random random) {
        KeyPair pair = pair("Ed25519");
        byte[] seed = last(pair.getPrivate().getEncoded());
        byte[] publicKey = last(pair.getPublic().getEncoded());
        byte[] both = Arrays.copyOf(seed, 2 * RAW_ED25519);
        System.arraycopy(publicKey, 0, both, RAW_ED25519, RAW_ED25519);
        return new Secret(
            "whsk_" + Base64.getEncoder().encodeToString(both),
            "whpk_" + Base64.getEncoder().encodeToString(publicKey));
      }
    },
    /** The public key in hexadecimal; the private one, which only the vendor has, as PKCS #8. */
    HEX_PUBLIC {
      @Override
      Secret make(Random random) {
        KeyPair pair = pair("Ed25519");
        return new Secret(
            Base64.getEncoder().encodeToString(pair.getPrivate().getEncoded()),
            HexFormat.of().formatHex(last(pair.getPublic().getEncoded())));
      }
    },
    /** The public key as SubjectPublicKeyInfo; the private one as PKCS #8. */
    SPKI {
      @Override
      Secret make(Random random) {
        KeyPair pair = pair("EC");
        return new Secret(
            Base64.getEncoder().encodeToString(pair.getPrivate().getEncoded()),
            Base64.getEncoder().encodeToString(pair.getPublic().getEncoded()));
      }
    };

    abstract Secret make(Random random);
  }

  private static Secret shared(String text) {
    return new Secret(text, text);
  }

  private static byte[] bytes(Random random, int length) {
    var bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] last(byte[] encoded) {
    return Arrays.copyOfRange(encoded, encoded.length - RAW_ED25519, encoded.length);
  }

  private static KeyPair pair(String algorithm) {
    try {
      var generator = KeyPairGenerator.getInstance(algorithm);
      if (algorithm.equals("EC")) {
        generator.initialize(new ECGenParameterSpec("secp256r1"));
      }
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
