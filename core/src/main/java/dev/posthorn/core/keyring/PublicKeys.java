package dev.posthorn.core.keyring;

import dev.posthorn.crds.SigningSecretSpec.Algorithm;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The public half of a key pair: what a receiver is given, and all that he is given. */
public final class PublicKeys {
  private static final int BYTES = 32;
  private static final String PAIR_PREFIX = "whsk_";
  private static final String PREFIX = "whpk_";

  private PublicKeys() {}

  /** How the material of a pair is written; its public half is written the same way. */
  private enum Form {
    BASE64 {
      @Override
      byte[] read(String text) {
        return Base64.getDecoder().decode(text);
      }

      @Override
      String write(byte[] key) {
        return Base64.getEncoder().encodeToString(key);
      }
    },
    HEX {
      @Override
      byte[] read(String text) {
        return HexFormat.of().parseHex(text);
      }

      @Override
      String write(byte[] key) {
        return HexFormat.of().formatHex(key);
      }
    },
    URL_SAFE {
      @Override
      byte[] read(String text) {
        return Base64.getUrlDecoder().decode(text);
      }

      @Override
      String write(byte[] key) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(key);
      }
    };

    abstract byte[] read(String text);

    abstract String write(byte[] key);
  }

  /**
   * Whether keys of this algorithm are pairs, so that a receiver needs less than the sender has.
   */
  public static boolean isPair(String algorithm) {
    return algorithm.equals(Algorithm.Ed25519.name());
  }

  /**
   * The public half of Ed25519 material, written as the material is: {@code whpk_} and base64 for
   * {@code whsk_} and base64. Null where {@code material} is none that a scheme can use.
   *
   * @param material in any of the formats of a SigningSecret; not kept
   */
  public static @Nullable String of(byte[] material) {
    String text = new String(material, StandardCharsets.US_ASCII);
    boolean prefixed = text.startsWith(PAIR_PREFIX) || text.startsWith(PREFIX);
    String bare = prefixed ? text.substring(PREFIX.length()) : text;
    for (Form form : Form.values()) {
      byte[] key = read(form, bare);
      try {
        if (key.length == BYTES || key.length == 2 * BYTES) {
          byte[] half = Arrays.copyOfRange(key, key.length - BYTES, key.length);
          return (prefixed ? PREFIX : "") + form.write(half);
        }
      } finally {
        Arrays.fill(key, (byte) 0);
      }
    }
    return null;
  }

  private static byte[] read(Form form, String text) {
    try {
      return form.read(text);
    } catch (IllegalArgumentException otherForm) {
      return new byte[0];
    }
  }
}
