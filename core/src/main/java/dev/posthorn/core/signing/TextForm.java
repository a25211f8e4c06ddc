package dev.posthorn.core.signing;

import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/** How the bytes of a signature are written in a header. */
enum TextForm {
  HEX_LOWER("lower-case hexadecimal") {
    @Override
    String write(byte[] bytes) {
      return HexFormat.of().formatHex(bytes);
    }

    @Override
    byte[] parse(String text) {
      return HexFormat.of().parseHex(text);
    }
  },
  BASE64("base64") {
    @Override
    String write(byte[] bytes) {
      return Base64.getEncoder().encodeToString(bytes);
    }

    @Override
    byte[] parse(String text) {
      return Base64.getDecoder().decode(text);
    }
  };

  private final String sentence;

  TextForm(String sentence) {
    this.sentence = sentence;
  }

  @Override
  public String toString() {
    return sentence;
  }

  abstract String write(byte[] bytes);

  /** Throws {@link IllegalArgumentException} for what is not this form at all. */
  abstract byte[] parse(String text);

  /**
   * Only the one canonical spelling: else the same signature would have many, and a replay could
   * pass for another request.
   */
  Optional<byte[]> read(String text) {
    try {
      byte[] bytes = parse(text);
      return write(bytes).equals(text) ? Optional.of(bytes) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
