package dev.posthorn.core.signing;

import java.util.Optional;

/** What a template may name between braces. */
enum Placeholder {
  ID("id"),
  TIMESTAMP("timestamp"),
  BODY("body"),
  METHOD("method"),
  URL("url"),
  PATH("path"),
  HOST("host"),
  BODY_SHA256_HEX("bodySha256Hex"),
  HEADER("header"),
  JSON("json"),
  SIGNATURE("signature"),
  SIGNATURES("signatures");

  private final String text;

  Placeholder(String text) {
    this.text = text;
  }

  /**
   * {@code {header:x}} and {@code {json:/ptr}} need a word after the colon, the others have none.
   */
  boolean takesArgument() {
    return this == HEADER || this == JSON;
  }

  /** Whether no sender can make it shorter or longer to shift its neighbour. */
  boolean hasFixedLength() {
    return this == BODY_SHA256_HEX;
  }

  static Optional<Placeholder> of(String text) {
    for (Placeholder placeholder : values()) {
      if (placeholder.text.equals(text)) {
        return Optional.of(placeholder);
      }
    }
    return Optional.empty();
  }

  @Override
  public String toString() {
    return takesArgument() ? "{" + text + ":...}" : "{" + text + "}";
  }
}
