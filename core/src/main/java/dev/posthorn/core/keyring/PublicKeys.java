package dev.posthorn.core.keyring;

import dev.posthorn.crds.SigningSecretSpec.Algorithm;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The public half of a key pair: what a receiver is given, and all that he is given. */
public final class PublicKeys {
  private static final int BYTES = 32;
  private static final String PREFIX = "whpk_";
  private static final List<String> PREFIXES = List.of("whsk_", PREFIX);

  private PublicKeys() {}

  /**
   * Whether keys of this algorithm are pairs, so that a receiver needs less than the sender has.
   */
  public static boolean isPair(String algorithm) {
    return algorithm.equals(Algorithm.Ed25519.name());
  }

  /**
   * The public key of Ed25519 material, as {@code whpk_} and base64; null where {@code material} is
   * none that a scheme can use.
   *
   * @param material in any of the formats of a SigningSecret; not kept
   */
  public static @Nullable String of(byte[] material) {
    String text = stripped(new String(material, StandardCharsets.US_ASCII));
    for (UnaryOperator<byte[]> decoder : DECODERS) {
      byte[] key = decoded(text, decoder);
      try {
        if (key.length == BYTES || key.length == 2 * BYTES) {
          byte[] half = Arrays.copyOfRange(key, key.length - BYTES, key.length);
          return PREFIX + Base64.getEncoder().encodeToString(half);
        }
      } finally {
        Arrays.fill(key, (byte) 0);
      }
    }
    return null;
  }

  private static final List<UnaryOperator<byte[]>> DECODERS =
      List.of(
          Base64.getDecoder()::decode,
          text -> HexFormat.of().parseHex(new String(text, StandardCharsets.US_ASCII)),
          Base64.getUrlDecoder()::decode);

  private static String stripped(String text) {
    return PREFIXES.stream()
        .filter(text::startsWith)
        .map(prefix -> text.substring(prefix.length()))
        .findFirst()
        .orElse(text);
  }

  private static byte[] decoded(String text, UnaryOperator<byte[]> decoder) {
    try {
      return decoder.apply(text.getBytes(StandardCharsets.US_ASCII));
    } catch (IllegalArgumentException otherForm) {
      return new byte[0];
    }
  }
}
