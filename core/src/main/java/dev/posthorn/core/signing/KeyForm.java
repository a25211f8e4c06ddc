package dev.posthorn.core.signing;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How a configured secret becomes a key.
 *
 * @param stripPrefixes the first that the secret starts with is taken off
 */
record KeyForm(Algorithm algorithm, Encoding encoding, List<String> stripPrefixes) {

  /** How Standard Webhooks marks the public half of a {@code whsk_} key. */
  private static final Pattern ARMOUR = Pattern.compile("-----[A-Z ]*-----");

  /** What the secret is after its prefix. */
  enum Encoding {
    UTF8("text"),
    BASE64("base64"),
    HEX("hexadecimal"),
    SPKI("the base64 of a DER public key");

    private final String sentence;

    Encoding(String sentence) {
      this.sentence = sentence;
    }
  }

  KeyReading read(byte[] secret) {
    byte[] stripped = strip(secret);
    Optional<byte[]> key = decode(stripped);
    try {
      return key.isPresent() && key.get().length > 0 ? decoded(key.get()) : unusable(secret);
    } finally {
      Arrays.fill(stripped, (byte) 0);
      key.ifPresent(bytes -> Arrays.fill(bytes, (byte) 0));
    }
  }

  /** The key that {@code key} is, decoded already. */
  KeyReading decoded(byte[] key) {
    try {
      return new KeyReading.Usable(new SigningKey(algorithm.signer(key)));
    } catch (GeneralSecurityException e) {
      // The JDK's message may quote the key.
      return unusable("is not a key for " + algorithm.title() + ": " + algorithm.keyNeeded());
    }
  }

  private byte[] strip(byte[] secret) {
    for (String prefix : stripPrefixes) {
      byte[] start = prefix.getBytes(StandardCharsets.UTF_8);
      if (secret.length >= start.length
          && Arrays.equals(secret, 0, start.length, start, 0, start.length)) {
        return Arrays.copyOfRange(secret, start.length, secret.length);
      }
    }
    return secret.clone();
  }

  private Optional<byte[]> decode(byte[] text) {
    try {
      return switch (encoding) {
        case UTF8 -> Optional.of(text.clone());
        case BASE64 -> Optional.of(Base64.getDecoder().decode(text));
        case SPKI -> Optional.of(Base64.getMimeDecoder().decode(withoutArmour(text)));
        case HEX -> Optional.of(hex(text));
      };
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** PEM (RFC 7468) or the bare base64; a public key may be a {@code String}. */
  private static String withoutArmour(byte[] text) {
    return ARMOUR.matcher(new String(text, StandardCharsets.US_ASCII)).replaceAll("");
  }

  /** Digit by digit, so that the key never becomes a {@code String}. */
  private static byte[] hex(byte[] digits) {
    if (digits.length % 2 != 0) {
      throw new IllegalArgumentException("odd number of digits");
    }
    var bytes = new byte[digits.length / 2];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] =
          (byte)
              (HexFormat.fromHexDigit(digits[2 * i]) << 4
                  | HexFormat.fromHexDigit(digits[2 * i + 1]));
    }
    return bytes;
  }

  private KeyReading unusable(byte[] secret) {
    if (secret.length == 0) {
      return unusable("is empty");
    }
    boolean newline = secret[secret.length - 1] == '\n';
    String prefix = stripPrefixes.isEmpty() ? "" : " after " + String.join(" or ", stripPrefixes);
    return unusable(
        "is not "
            + encoding.sentence
            + prefix
            + (newline ? ": remove the newline at its end" : ""));
  }

  private static KeyReading unusable(String why) {
    return new KeyReading.Unusable(new SchemeFinding("key", "the secret " + why));
  }
}
