package dev.posthorn.core.signing;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** Something between the two sides wrote header lines anew. */
final class HeaderGuesses {
  private static final String LIST_SEPARATOR = ", "; // RFC 9110 section 5.3

  private final Scheme scheme;
  private final List<byte[]> secrets;
  private final Received request;
  private final List<Guess> guesses = new ArrayList<>();

  private HeaderGuesses(Scheme scheme, List<byte[]> secrets, Received request) {
    this.scheme = scheme;
    this.secrets = secrets;
    this.request = request;
  }

  static List<Guess> of(Scheme scheme, List<byte[]> secrets, Received request) {
    var of = new HeaderGuesses(scheme, secrets, request);
    of.folded();
    of.spaced();
    of.joined();
    return of.guesses;
  }

  private void folded() {
    String hint = " the line break inside a header's value: a proxy folds headers";
    add(mapped(value -> unfolded(value, "")), "after removing" + hint);
    add(mapped(value -> unfolded(value, " ")), "after turning into a space" + hint);
  }

  private void spaced() {
    String hint = ": a proxy or a copy by hand changes them";
    add(mapped(HeaderGuesses::collapsed), "after removing extra spaces in the headers" + hint);
    add(
        mapped(value -> value.replace(" ", "").replace("\t", "")),
        "after removing all spaces in the headers" + hint);
  }

  private void joined() {
    add(split(), "after splitting headers at \", \": a proxy joins repeated header lines");
    add(merged(), "after joining repeated header lines: a proxy splits long headers");
  }

  private void add(List<Header> headers, String hint) {
    if (!headers.equals(request.headers())) {
      var changed = new Received(request.method(), request.url(), headers, request.body());
      guesses.add(Guess.of(Guess.Part.HEADER, scheme, secrets, changed, hint));
    }
  }

  private List<Header> mapped(UnaryOperator<String> change) {
    return request.headers().stream()
        .map(header ->
            isLong(header) ? header : new Header(header.name(), change.apply(header.value())))
        .toList();
  }

  private List<Header> split() {
    var lines = new ArrayList<Header>();
    for (Header header : request.headers()) {
      String rest = header.value();
      for (int to; !isLong(header) && (to = rest.indexOf(LIST_SEPARATOR)) >= 0; ) {
        lines.add(new Header(header.name(), rest.substring(0, to)));
        rest = rest.substring(to + LIST_SEPARATOR.length());
      }
      lines.add(new Header(header.name(), rest));
    }
    return lines;
  }

  private List<Header> merged() {
    var values = new LinkedHashMap<String, StringBuilder>();
    for (Header header : request.headers()) {
      values
          .computeIfAbsent(header.name().toLowerCase(Locale.ROOT), _ -> new StringBuilder())
          .append(header.value());
    }
    return values.size() == request.headers().size()
        ? request.headers()
        : values.entrySet().stream()
            .map(each -> new Header(each.getKey(), each.getValue().toString()))
            .toList();
  }

  /** No verification looks at these, so no guess does. */
  private static boolean isLong(Header header) {
    return header.value().length() > Source.MAX_HEADER_CHARS;
  }

  /** {@code value} with every line break, and the space around it, replaced. */
  private static String unfolded(String value, String replacement) {
    if (value.indexOf('\n') < 0 && value.indexOf('\r') < 0) {
      return value;
    }
    var text = new StringBuilder(value.length());
    for (String line : value.lines().toList()) {
      String content = line.strip();
      if (!content.isEmpty()) {
        text.append(text.isEmpty() ? "" : replacement).append(content);
      }
    }
    return text.toString();
  }

  /** {@code value} without space at its ends, and with one where there are several. */
  private static String collapsed(String value) {
    var text = new StringBuilder(value.length());
    boolean space = false;
    for (int at = 0; at < value.length(); at++) {
      char c = value.charAt(at);
      if (c == ' ' || c == '\t') {
        space = true;
      } else {
        text.append(space && !text.isEmpty() ? " " : "").append(c);
        space = false;
      }
    }
    return text.toString();
  }
}
