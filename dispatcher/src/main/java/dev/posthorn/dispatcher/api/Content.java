package dev.posthorn.dispatcher.api;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Bytes in an answer.
 *
 * @param text text as it is, anything else in base64
 * @param encoding {@code base64}, or null for text
 */
record Content(String text, @Nullable String encoding) {

  static Content of(byte[] bytes) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return new Content(text, null);
    } catch (CharacterCodingException e) {
      return base64(bytes);
    }
  }

  static Content base64(byte[] bytes) {
    return new Content(Base64.getEncoder().encodeToString(bytes), "base64");
  }
}
