package dev.posthorn.core.egress;

import dev.posthorn.core.egress.Verdict.Denied;
import java.util.HexFormat;
import java.util.Locale;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Reads the few URLs that every parser reads alike: {@code scheme://host[:port][/path][?query]} in
 * the characters of RFC 3986. It never repairs anything.
 */
final class UrlRules {
  private static final int MAX_LENGTH = 2_048;
  private static final String FORBIDDEN = " \"<>^`{|}";

  private UrlRules() {}

  /** A URL taken apart, or why it is refused. */
  sealed interface Read {}

  /** Host in the URL's own spelling, IPv6 with brackets; the port that will be dialled. */
  record Parts(boolean tls, String host, int port) implements Read {}

  /** Refused. */
  record Wrong(Denied denied) implements Read {}

  static Read read(String url, boolean allowHttp) {
    var character = firstBadCharacter(url);
    if (character != null) {
      return character;
    }
    int colon = url.indexOf("://");
    if (colon < 1 || url.length() > MAX_LENGTH) {
      return wrong(
          EgressRule.NOT_A_URL,
          "not an absolute URL of at most " + MAX_LENGTH + " characters; write https://host/path");
    }
    var scheme = url.substring(0, colon).toLowerCase(Locale.ROOT);
    boolean tls = scheme.equals("https");
    if (!tls && !(allowHttp && scheme.equals("http"))) {
      return wrong(
          EgressRule.SCHEME,
          scheme.equals("http")
              ? "http is not allowed; use https, or set egress.allowHttp"
              : "the scheme is not https; use https");
    }
    return readAuthority(tls, url.substring(colon + 3));
  }

  private static @Nullable Read firstBadCharacter(String url) {
    for (int i = 0; i < url.length(); i++) {
      char c = url.charAt(i);
      if (c > 0x7e) {
        return wrong(
            EgressRule.NON_ASCII,
            "a character outside ASCII at position %d; write host names as xn--... and the rest"
                    .formatted(i + 1)
                + " percent-encoded");
      }
      if (c == '\\') {
        return wrong(EgressRule.BACKSLASH, "a backslash in the URL; write %5C");
      }
      if (c < 0x20 || FORBIDDEN.indexOf(c) >= 0) {
        return wrong(
            EgressRule.FORBIDDEN_CHARACTER,
            "a space, control character or one of \"<>^`{|} at position %d; percent-encode it"
                .formatted(i + 1));
      }
    }
    return firstBadEscape(url);
  }

  /** Clients mend such an escape, each in its own way. */
  private static @Nullable Read firstBadEscape(String url) {
    for (int at = url.indexOf('%'); at >= 0; at = url.indexOf('%', at + 1)) {
      boolean complete =
          at + 2 < url.length()
              && HexFormat.isHexDigit(url.charAt(at + 1))
              && HexFormat.isHexDigit(url.charAt(at + 2));
      if (!complete) {
        return wrong(
            EgressRule.FORBIDDEN_CHARACTER,
            "a %% at position %d that begins no escape; write %%25".formatted(at + 1));
      }
    }
    return null;
  }

  private static Read readAuthority(boolean tls, String rest) {
    int end = rest.length();
    for (char stop : new char[] {'/', '?', '#'}) {
      int at = rest.indexOf(stop);
      end = at >= 0 && at < end ? at : end;
    }
    var authority = rest.substring(0, end);
    if (authority.indexOf('@') >= 0) {
      return wrong(
          EgressRule.USERINFO, "a user or password in the URL; use a header from a Secret");
    }
    if (rest.indexOf('#') >= 0) {
      return wrong(EgressRule.FRAGMENT, "a # in the URL; remove it");
    }
    int query = rest.indexOf('?', end);
    var path = rest.substring(end, query < 0 ? rest.length() : query);
    if (path.indexOf('[') >= 0 || path.indexOf(']') >= 0) {
      return wrong(EgressRule.FORBIDDEN_CHARACTER, "a [ or ] in the path; write %5B or %5D");
    }
    if (authority.indexOf('%') >= 0) {
      return wrong(EgressRule.PERCENT_IN_HOST, "a % in the host; write the name itself");
    }
    return splitPort(tls, authority);
  }

  private static Read splitPort(boolean tls, String authority) {
    int bracket = authority.lastIndexOf(']');
    int colon = authority.indexOf(':', bracket + 1);
    var host = colon < 0 ? authority : authority.substring(0, colon);
    if (host.isEmpty()) {
      return wrong(EgressRule.NOT_A_URL, "no host in the URL; write https://host/path");
    }
    if (colon < 0) {
      return new Parts(tls, host, tls ? 443 : 80);
    }
    var port = readPort(authority.substring(colon + 1));
    return port.isPresent()
        ? new Parts(tls, host, port.getAsInt())
        : wrong(EgressRule.NOT_A_URL, "no port after the colon; use 1..65535");
  }

  private static OptionalInt readPort(String digits) {
    if (!digits.matches("[1-9][0-9]{0,4}")) {
      return OptionalInt.empty();
    }
    int port = Integer.parseInt(digits);
    return port <= 65_535 ? OptionalInt.of(port) : OptionalInt.empty();
  }

  private static Wrong wrong(EgressRule rule, String sentence) {
    return new Wrong(new Denied(rule, sentence));
  }
}
