package dev.posthorn.e2e.oracle;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Bodies as producers send them, and as only an adversary would. */
final class Bodies {
  private static final int LARGEST = 256 * 1024;

  /** The awkward ones, before the random ones. */
  private static final List<String> FIXED =
      List.of(
          "{}",
          "{\"name\":\"Żółć 🚀\",\"n\":1.0,\"e\":\"\\u00e9\",\"u\":\"\u2028\u2029\"}",
          " \t\r\n{ \"a\" :\t[ 1 ,\r\n 2 ] , \"b\" : { } }\r\n",
          "{\"a\":1}\n",
          "{\"slash\":\"http:\\/\\/a.example\\/\",\"nul\":\"\\u0000\",\"lone\":\"\\ud800\"}",
          "\"a string\"",
          "[]",
          "0",
          "null");

  private final Random random;

  Bodies(Random random) {
    this.random = random;
  }

  /** What a library can take. */
  enum Kind {
    /** UTF-8; some libraries decode the body before they hash it. */
    TEXT,
    /** Any bytes. */
    BYTES,
    /** A JSON object that holds the time of sending, in milliseconds. */
    TIMED
  }

  /** The {@code n}th body of a run at {@code seconds}; never empty, which no vendor sends. */
  byte[] body(Kind kind, int n, long seconds) {
    return switch (kind) {
      case TEXT -> utf8(n < FIXED.size() ? FIXED.get(n) : n == FIXED.size() ? large() : text());
      case BYTES -> n % 2 == 0 ? bytes() : body(Kind.TEXT, n / 2, seconds);
      case TIMED ->
          utf8(
              "{\"webhookTimestamp\" :"
                  + seconds
                  + "000,"
                  + (n == 0 ? "\"x\":\"" + "ä".repeat(LARGEST / 2) : "\"x\":\"" + letters(200))
                  + "\"}");
    };
  }

  private String large() {
    return "{\"x\":\"" + "a".repeat(LARGEST - 8) + "\"}";
  }

  private String text() {
    return random.nextInt(5) == 0 ? letters(2_000) + "." : json(4);
  }

  /** Now and then bytes that are no UTF-8. */
  private byte[] bytes() {
    var bytes = new byte[1 + random.nextInt(2_000)];
    random.nextBytes(bytes);
    return bytes;
  }

  private String json(int depth) {
    int kind = random.nextInt(depth > 0 ? 8 : 5);
    return switch (kind) {
      case 0 -> "\"" + letters(40) + "\"";
      case 1 -> Long.toString(random.nextLong());
      case 2 -> random.nextDouble() + "";
      case 3 -> random.nextBoolean() ? "true" : "null";
      case 4 -> "\"\\u%04x\\n\\\"\"".formatted(random.nextInt(0xd800));
      case 5, 6 -> "{" + list(depth, true) + "}";
      default -> "[" + list(depth, false) + "]";
    };
  }

  private String list(int depth, boolean named) {
    var parts = new ArrayList<String>();
    for (int i = random.nextInt(6); i > 0; i--) {
      String name = named ? "\"" + letters(10) + "\"" + space() + ":" + space() : "";
      parts.add(space() + name + json(depth - 1) + space());
    }
    return String.join(",", parts) + space();
  }

  private String space() {
    return List.of("", "", "", " ", "\n  ", "\t", "\r\n").get(random.nextInt(7));
  }

  /** Letters that stand for themselves in a JSON string, of one to four bytes. */
  private String letters(int most) {
    var text = new StringBuilder();
    for (int i = random.nextInt(most); i > 0; i--) {
      switch (random.nextInt(8)) {
        case 0 -> text.append((char) (0xa0 + random.nextInt(0x700)));
        case 1 -> text.append((char) (0x3040 + random.nextInt(0x1000)));
        case 2 -> text.appendCodePoint(0x1f300 + random.nextInt(0x200));
        default -> text.append((char) ('a' + random.nextInt(26)));
      }
    }
    return text.toString();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
