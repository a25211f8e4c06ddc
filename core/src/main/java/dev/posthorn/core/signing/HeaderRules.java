package dev.posthorn.core.signing;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Which header names a scheme may set. */
final class HeaderRules {
  /** RFC 9110 section 5.6.2. */
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

  /** The connection's and the body's own, and the hop-by-hop ones of RFC 9110 section 7.6.1. */
  private static final Set<String> TAKEN =
      Set.of(
          "host",
          "content-length",
          "content-type",
          "connection",
          "keep-alive",
          "proxy-connection",
          "proxy-authenticate",
          "proxy-authorization",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  private HeaderRules() {}

  /** What is wrong with {@code name}, after {@code earlier} ones of the same scheme. */
  static Optional<String> complaint(String name, List<Signing.Line> earlier) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (!TOKEN.matcher(name).matches()) {
      return Optional.of("is not a header name: letters, digits and -");
    }
    if (TAKEN.contains(lower)) {
      return Optional.of("\"" + name + "\" belongs to the connection or the body: choose another");
    }
    if (lower.startsWith("posthorn-")) {
      return Optional.of("\"" + name + "\" is one of ours: posthorn-... go with every request");
    }
    if (earlier.stream().anyMatch(line -> line.name().equalsIgnoreCase(name))) {
      return Optional.of("\"" + name + "\" is there twice, if only in another case: remove one");
    }
    return Optional.empty();
  }
}
