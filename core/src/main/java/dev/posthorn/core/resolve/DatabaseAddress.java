package dev.posthorn.core.resolve;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The address of a PostgreSQL database, as far as a network must know it.
 *
 * @param url in full, with the password: messages never hold it
 * @param servers where it may be
 * @param files entries of the same Secret that it names as files, such as an authority
 */
public record DatabaseAddress(String url, List<Server> servers, List<String> files) {
  /** Where pods find the entries of the Secret that has the address. */
  public static final String FOLDER = "/run/secrets/posthorn.dev/database/";

  private static final Pattern URL =
      Pattern.compile("postgres(?:ql)?://[^:@/?]+(?::[^@/?]*)?@([^/?@]+)/[^/?]+(?:\\?(.*))?");

  private static final Pattern HOST =
      Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[^:\\[\\]]+)(?::(\\d{1,5}))?");

  /** A parameter whose value is a file. */
  private static final Pattern FILE = Pattern.compile("(sslrootcert|sslcert|sslkey)=(.*)");

  private static final Pattern ENTRY = Pattern.compile(Pattern.quote(FOLDER) + "([-._a-zA-Z0-9]+)");

  private static final int PORT = 5432;

  /** A name or an address without brackets, and a port. */
  public record Server(String host, int port) {}

  /** Copies the list. */
  public DatabaseAddress {
    servers = List.copyOf(servers);
    files = List.copyOf(files);
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
          "it is not of the form postgres://user:password@host:port/database; %XX stands for a"
              + " character of user or password that has a meaning in it, such as %40 for @");
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
    return new DatabaseAddress(url, servers, files(parts.group(2)));
  }

  private static List<String> files(@Nullable String parameters) {
    var files = new ArrayList<String>();
    for (String each : parameters == null ? new String[0] : parameters.split("&", -1)) {
      Matcher file = FILE.matcher(each);
      if (file.matches()) {
        Matcher entry = ENTRY.matcher(file.group(2));
        if (!entry.matches()) {
          throw new IllegalArgumentException(
              file.group(1)
                  + " names no file that pods have: put the file into the same Secret, and write "
                  + FOLDER
                  + "ENTRY");
        }
        files.add(entry.group(1));
      }
    }
    return files;
  }

  /** Without the URL. */
  @Override
  public String toString() {
    return servers.toString();
  }
}
