package dev.posthorn.dispatcher.store;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a PostgreSQL database is and who uses it.
 *
 * @param hosts {@code host:port}, several separated by commas
 * @param parameters how the connection is encrypted, as the driver names it
 */
record PostgresAddress(
    String hosts, String database, String user, String password, Map<String, String> parameters) {
  private static final String FORM = "postgres://user:password@host:port/database";

  private static final Pattern URL =
      Pattern.compile("postgres(?:ql)?://([^:@/?]+)(?::([^@/?]*))?@([^/?@]+)/([^/?]+)(?:\\?(.*))?");

  private static final Pattern HOST =
      Pattern.compile("(?:\\[[0-9A-Fa-f:.]+]|[^:\\[\\]]+)(:\\d{1,5})?");

  private static final Set<String> PARAMETERS =
      Set.of("sslmode", "sslrootcert", "sslcert", "sslkey");

  /**
   * Reads {@code postgres://user:password@host:port/database}, in whose parts {@code %XX} may stand
   * for a character.
   *
   * @throws IllegalArgumentException where it is none; the message never holds the password
   */
  static PostgresAddress parse(String url) {
    Matcher parts = URL.matcher(url.strip());
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "the address of the database is not of the form "
              + FORM
              + ": write it so, with %XX for"
              + " characters of user or password that have a meaning in it, such as %40 for @");
    }
    for (String host : parts.group(3).split(",", -1)) {
      if (!HOST.matcher(host).matches()) {
        throw new IllegalArgumentException(
            "the address of the database names a host as \"" + host + "\": write host:port");
      }
    }
    String password = parts.group(2) == null ? "" : decoded(parts.group(2), "password");
    return new PostgresAddress(
        parts.group(3),
        decoded(parts.group(4), "database"),
        decoded(parts.group(1), "user"),
        password,
        parameters(parts.group(5) == null ? "" : parts.group(5)));
  }

  private static Map<String, String> parameters(String query) {
    var parameters = new LinkedHashMap<String, String>();
    for (String each : query.isEmpty() ? new String[0] : query.split("&", -1)) {
      int equals = each.indexOf('=');
      String name = equals < 0 ? each : each.substring(0, equals);
      if (equals < 0 || !PARAMETERS.contains(name)) {
        throw new IllegalArgumentException(
            "the address of the database has the parameter \""
                + name
                + "\": leave it out; known are sslmode=, sslrootcert=, sslcert=, sslkey=");
      }
      parameters.put(name, decoded(each.substring(equals + 1), name));
    }
    return Map.copyOf(parameters);
  }

  private static String decoded(String text, String part) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "the "
              + part
              + " in the address of the database has a % that two hex digits do not"
              + " follow: write %25 for %");
    }
  }

  /** As messages call it. */
  @Override
  public String toString() {
    return database + " on " + hosts;
  }
}
