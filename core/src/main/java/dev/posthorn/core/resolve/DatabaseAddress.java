package dev.posthorn.core.resolve;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The address of a PostgreSQL database, as far as a network must know it.
 *
 * @param url in full, with the password: messages never hold it
 * @param servers where it may be
 */
public record DatabaseAddress(String url, List<Server> servers) {
  private static final Pattern URL =
      Pattern.compile("postgres(?:ql)?://[^:@/?]+(?::[^@/?]*)?@([^/?@]+)/[^/?]+(?:\\?.*)?");

  private static final Pattern HOST =
      Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[^:\\[\\]]+)(?::(\\d{1,5}))?");

  private static final int PORT = 5432;

  /** A name or an address without brackets, and a port. */
  public record Server(String host, int port) {}

  /** Copies the list. */
  public DatabaseAddress {
    servers = List.copyOf(servers);
  }

  /**
   * Reads {@code postgres://user:password@host:port/database}, several hosts separated by commas.
   *
   * @throws IllegalArgumentException where it is none; the message holds nothing of it
   */
  static DatabaseAddress parse(String text) {
    String url = text.strip();
    Matcher parts = URL.matcher(url);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "it is not of the form postgres://user:password@host:port/database");
    }
    var servers = new ArrayList<Server>();
    for (String each : parts.group(1).split(",", -1)) {
      Matcher host = HOST.matcher(each);
      if (!host.matches()) {
        throw new IllegalArgumentException("a host in it is not host:port");
      }
      String name = host.group(1).replaceAll("[\\[\\]]", "");
      servers.add(new Server(name, host.group(2) == null ? PORT : Integer.parseInt(host.group(2))));
    }
    return new DatabaseAddress(url, servers);
  }

  /** Without the URL. */
  @Override
  public String toString() {
    return servers.toString();
  }
}
