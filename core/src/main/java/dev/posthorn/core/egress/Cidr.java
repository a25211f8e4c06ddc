package dev.posthorn.core.egress;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * A range of addresses, {@code 10.0.0.0/8} or {@code fc00::/7}. A range of IPv4-mapped IPv6
 * addresses ({@code ::ffff:10.0.0.0/104}) is the IPv4 range it means.
 *
 * @param network the first address; all bits after {@code prefix} are zero
 * @param prefix how many leading bits are common, 0..32 or 0..128
 */
public record Cidr(InetAddress network, int prefix) {
  /** Checks that {@code network} is the first address of the range. */
  public Cidr {
    var bytes = network.getAddress();
    if (prefix < 0 || prefix > bytes.length * 8) {
      throw new IllegalArgumentException(
          "prefix /%d of %s is not 0..%d"
              .formatted(prefix, network.getHostAddress(), bytes.length * 8));
    }
    var first = firstAddress(bytes, prefix);
    if (!first.equals(network)) {
      throw new IllegalArgumentException(
          "%s/%d has bits after its prefix; write %s/%d"
              .formatted(network.getHostAddress(), prefix, IpLiteral.format(first), prefix));
    }
  }

  /**
   * Reads {@code address/prefix}; an address alone is the range of itself. Nothing is looked up.
   *
   * @throws IllegalArgumentException naming text and cure
   */
  public static Cidr parse(String text) {
    int slash = text.indexOf('/');
    var literal = slash < 0 ? text : text.substring(0, slash);
    var address = IpLiteral.parse(literal).orElseThrow(() -> unreadable(text));
    int bits = address.getAddress().length * 8;
    if (slash < 0) {
      return new Cidr(address, bits);
    }
    var digits = text.substring(slash + 1);
    if (!digits.matches("[0-9]{1,3}")) {
      throw unreadable(text);
    }
    int prefix = Integer.parseInt(digits);
    boolean mapped = bits == 32 && literal.indexOf(':') >= 0;
    return new Cidr(address, mapped ? prefix - 96 : prefix);
  }

  /** The range of one address. */
  public static Cidr of(InetAddress address) {
    return new Cidr(address, address.getAddress().length * 8);
  }

  /** Whether {@code address} is in the range; an address of the other family never is. */
  public boolean contains(InetAddress address) {
    return contains(address.getAddress());
  }

  boolean contains(byte[] address) {
    var first = network.getAddress();
    if (first.length != address.length) {
      return false;
    }
    int whole = prefix / 8;
    for (int i = 0; i < whole; i++) {
      if (first[i] != address[i]) {
        return false;
      }
    }
    int mask = 0xff00 >> (prefix % 8) & 0xff;
    return mask == 0 || (first[whole] & mask) == (address[whole] & mask);
  }

  @Override
  public String toString() {
    return IpLiteral.format(network) + "/" + prefix;
  }

  private static IllegalArgumentException unreadable(String text) {
    return new IllegalArgumentException(
        "\"" + text + "\" is not a range of addresses; write it like 10.0.0.0/8 or fd00::/8");
  }

  private static InetAddress firstAddress(byte[] bytes, int prefix) {
    for (int bit = prefix; bit < bytes.length * 8; bit++) {
      bytes[bit / 8] &= (byte) ~(0x80 >> bit % 8);
    }
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address is 4 or 16 bytes", e);
    }
  }
}
