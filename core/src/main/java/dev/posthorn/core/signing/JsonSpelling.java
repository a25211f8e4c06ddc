package dev.posthorn.core.signing;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

/**
 * How programs print a JSON document that they have parsed. Only spaces and escapes change:
 * numbers, order and repeated names stay as they are, which a tree of values would not promise.
 */
enum JsonSpelling {
  COMPACT("without spaces", false, false, false),
  COMPACT_ASCII("without spaces and with non-ASCII escaped", false, true, false),
  PHP("without spaces and with non-ASCII and slashes escaped, as PHP does", false, true, true),
  SPACED("with spaces after , and :", true, false, false),
  SPACED_ASCII(
      "with spaces after , and : and with non-ASCII escaped, as Python does", true, true, false);

  private static final HexFormat HEX = HexFormat.of();

  private final String sentence;
  private final boolean spaced;
  private final boolean ascii;
  private final boolean slashes;

  JsonSpelling(String sentence, boolean spaced, boolean ascii, boolean slashes) {
    this.sentence = sentence;
    this.spaced = spaced;
    this.ascii = ascii;
    this.slashes = slashes;
  }

  @Override
  public String toString() {
    return sentence;
  }

  /**
   * {@code body} printed anew; empty if it is not UTF-8 or a string in it has no end. It does not
   * check that the rest is JSON: what is not, will not verify. Time and size are linear in the
   * body.
   */
  Optional<byte[]> write(byte[] body) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
      return write(text).map(written -> written.getBytes(StandardCharsets.UTF_8));
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private Optional<String> write(String text) {
    var out = new StringBuilder(text.length());
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at++);
      switch (c) {
        case ' ', '\t', '\n', '\r' -> {}
        case ',', ':' -> out.append(c).append(spaced ? " " : "");
        case '"' -> {
          var content = new StringBuilder();
          int end = read(text, at, content);
          if (end < 0) {
            return Optional.empty();
          }
          write(content, out);
          at = end + 1;
        }
        default -> out.append(c);
      }
    }
    return Optional.of(out.toString());
  }

  /** Reads a string's content; returns where its closing quote is, or -1 if it has none. */
  private static int read(String text, int from, StringBuilder content) {
    int at = from;
    while (at < text.length() && text.charAt(at) != '"') {
      char c = text.charAt(at++);
      if (c != '\\') {
        content.append(c);
        continue;
      }
      int escaped = at < text.length() ? escaped(text, at) : -1;
      if (escaped < 0) {
        return -1;
      }
      content.append((char) escaped);
      at += text.charAt(at) == 'u' ? 5 : 1;
    }
    return at < text.length() ? at : -1;
  }

  /** What the escape stands for whose letter is at {@code at}; -1 if it is none. */
  private static int escaped(String text, int at) {
    return switch (text.charAt(at)) {
      case '"' -> '"';
      case '\\' -> '\\';
      case '/' -> '/';
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> unit(text, at + 1);
      default -> -1;
    };
  }

  private static int unit(String text, int from) {
    if (from + 4 > text.length()) {
      return -1;
    }
    int unit = 0;
    for (int at = from; at < from + 4; at++) {
      if (!HexFormat.isHexDigit(text.charAt(at))) {
        return -1;
      }
      unit = unit << 4 | HexFormat.fromHexDigit(text.charAt(at));
    }
    return unit;
  }

  private void write(CharSequence content, StringBuilder out) {
    out.append('"');
    for (int at = 0; at < content.length(); at++) {
      char c = content.charAt(at);
      if (isPair(content, at) && !ascii) {
        out.append(c).append(content.charAt(++at));
      } else {
        write(c, out);
      }
    }
    out.append('"');
  }

  private static boolean isPair(CharSequence content, int at) {
    return at + 1 < content.length()
        && Character.isSurrogatePair(content.charAt(at), content.charAt(at + 1));
  }

  private void write(char c, StringBuilder out) {
    switch (c) {
      case '"' -> out.append("\\\"");
      case '\\' -> out.append("\\\\");
      case '/' -> out.append(slashes ? "\\/" : "/");
      case '\b' -> out.append("\\b");
      case '\f' -> out.append("\\f");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      default -> {
        if (c < ' ' || Character.isSurrogate(c) || (ascii && c >= 0x7f)) {
          out.append("\\u").append(HEX.toHexDigits(c));
        } else {
          out.append(c);
        }
      }
    }
  }
}
