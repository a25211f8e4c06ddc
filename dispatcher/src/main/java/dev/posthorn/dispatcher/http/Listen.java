package dev.posthorn.dispatcher.http;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a server listens.
 *
 * @param host an address or name of this machine; without the brackets of an IPv6 address
 * @param port 1..65535, or 0 for any free port
 */
public record Listen(String host, int port) {
  private static final Pattern FORM =
      Pattern.compile(
          "(?:\\[(?<six>[0-9A-Fa-f:.%\\w]+)]|(?<host>[^\\s:\\[\\]/@]+)):(?<port>\\d{1,5})");

  /** Checks the port. */
  public Listen {
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException(
          "listen port " + port + " is out of range: use 0 (any free port) to 65535");
    }
  }

  /**
   * Reads {@code 127.0.0.1:8080}, {@code localhost:0} or {@code [::1]:8080}.
   *
   * @throws IllegalArgumentException with the text and the cure
   */
  public static Listen parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is not an address to listen on: write host:port, as in 127.0.0.1:8080");
    }
    String six = matcher.group("six");
    return new Listen(
        six == null ? matcher.group("host") : six, Integer.parseInt(matcher.group("port")));
  }

  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
