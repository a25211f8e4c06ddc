package dev.posthorn.core.egress;

import java.net.InetAddress;
import java.util.Set;
import java.util.TreeSet;

/**
 * A range that the platform opened although it is denied by default, or for ports that are not in
 * the list.
 *
 * @param cidr the range
 * @param ports the ports that are open there; empty = all
 */
public record AllowedCidr(Cidr cidr, Set<Integer> ports) {
  /** Copies and checks. */
  public AllowedCidr {
    ports = Ports.copy("allowCidrs.ports", ports);
  }

  /**
   * Reads the value of {@code --allow-cidr}: {@code 10.0.0.0/8}, {@code 10.1.2.3/32:8080}, {@code
   * fd00::/8}, {@code [::1/128]:8080}.
   *
   * @throws IllegalArgumentException naming text and cure
   */
  public static AllowedCidr parse(String text) {
    int bracket = text.startsWith("[") ? text.indexOf(']') : -1;
    if (bracket > 0) {
      return of(text, text.substring(1, bracket), text.substring(bracket + 1));
    }
    int colon = text.indexOf(':');
    boolean v4WithPort = colon >= 0 && colon == text.lastIndexOf(':') && text.indexOf('.') >= 0;
    return v4WithPort
        ? of(text, text.substring(0, colon), text.substring(colon))
        : of(text, text, "");
  }

  private static AllowedCidr of(String text, String cidr, String colonAndPort) {
    if (colonAndPort.isEmpty()) {
      return new AllowedCidr(Cidr.parse(cidr), Set.of());
    }
    if (!colonAndPort.matches(":[0-9]{1,5}")) {
      throw new IllegalArgumentException(
          "\"" + text + "\" has no port after its range; write 10.1.2.3/32:8080 or [::1/128]:8080");
    }
    return new AllowedCidr(Cidr.parse(cidr), Set.of(Integer.parseInt(colonAndPort.substring(1))));
  }

  boolean admits(InetAddress address, int port) {
    return admits(port) && cidr.contains(address);
  }

  boolean admits(int port) {
    return ports.isEmpty() || ports.contains(port);
  }

  @Override
  public String toString() {
    return ports.isEmpty() ? cidr.toString() : cidr + " ports " + new TreeSet<>(ports);
  }
}
