package dev.posthorn.core.event;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Attribute values in HTTP headers: CloudEvents HTTP protocol binding 1.0.2, section 3.1.3.2
 * (percent-encoded UTF-8; a value in double quotes is unquoted first).
 */
final class HeaderText {
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private HeaderText() {}

  static String encode(String value) {
    var encoded = new StringBuilder(value.length());
    for (byte unit : value.getBytes(StandardCharsets.UTF_8)) {
      if (unit > ' ' && unit < 0x7f && unit != '"' && unit != '%') {
        encoded.append((char) unit);
      } else {
        percent(encoded, unit);
      }
    }
    return encoded.toString();
  }

  static void percent(StringBuilder into, byte unit) {
    into.append('%').append(HEX.toHighHexDigit(unit & 0xff)).append(HEX.toLowHexDigit(unit & 0xff));
  }

  /** The value; empty if a percent sign is not followed by two digits or the bytes are no UTF-8. */
  static Optional<String> decode(String value) {
    String text = unquoted(value);
    if (text.indexOf('%') < 0) {
      return Optional.of(text);
    }
    byte[] units = text.getBytes(StandardCharsets.UTF_8);
    var bytes = new ByteArrayOutputStream(units.length);
    for (int i = 0; i < units.length; i++) {
      if (units[i] != '%') {
        bytes.write(units[i]);
      } else if (isEscape(units, i)) {
        bytes.write(
            HexFormat.fromHexDigit(units[i + 1]) << 4 | HexFormat.fromHexDigit(units[i + 2]));
        i += 2;
      } else {
        return Optional.empty();
      }
    }
    return utf8(bytes.toByteArray());
  }

  /** Whether two hexadecimal digits follow the percent sign at {@code at}. */
  static boolean isEscape(byte[] units, int at) {
    return at + 2 < units.length
        && HexFormat.isHexDigit(units[at + 1])
        && HexFormat.isHexDigit(units[at + 2]);
  }

  private static String unquoted(String value) {
    int last = value.length() - 1;
    return last > 0 && value.charAt(0) == '"' && value.charAt(last) == '"'
        ? value.substring(1, last).replaceAll("\\\\(.)", "$1")
        : value;
  }

  static Optional<String> utf8(byte[] bytes) {
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException malformed) {
      return Optional.empty();
    }
  }
}
