package dev.posthorn.core.egress;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Strict address literals: four decimal parts without leading zeros, or RFC 4291 without a zone.
 * {@code 127.1}, {@code 0177.0.0.1}, {@code 2130706433} and the like are no literals here, because
 * programs disagree about what they mean. Nothing is looked up.
 */
final class IpLiteral {
  private static final String PART = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
  private static final Pattern V4 = Pattern.compile(PART + "(?:\\." + PART + "){3}");
  private static final Pattern V6 = Pattern.compile("[0-9A-Fa-f:.]{2,45}");

  private IpLiteral() {}

  /** The address of a literal without brackets; an IPv4-mapped one as its IPv4 address. */
  static Optional<InetAddress> parse(String text) {
    boolean v6 = text.indexOf(':') >= 0;
    if (!(v6 ? V6 : V4).matcher(text).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(v6 ? Inet6Address.ofLiteral(text) : InetAddress.ofLiteral(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** RFC 5952: lower case, the longest run of zeros as {@code ::}. */
  static String format(InetAddress address) {
    var bytes = address.getAddress();
    if (bytes.length == 4) {
      return address.getHostAddress();
    }
    var groups = new int[8];
    for (int i = 0; i < 8; i++) {
      groups[i] = (bytes[2 * i] & 0xff) << 8 | (bytes[2 * i + 1] & 0xff);
    }
    return compress(groups);
  }

  private static String compress(int[] groups) {
    int start = -1;
    int length = 1;
    for (int i = 0; i < 8; i++) {
      int run = 0;
      while (i + run < 8 && groups[i + run] == 0) {
        run++;
      }
      if (run > length) {
        start = i;
        length = run;
      }
    }
    var text = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      if (i == start) {
        text.append("::");
        i += length - 1;
      } else {
        var separated = text.isEmpty() || text.charAt(text.length() - 1) == ':';
        text.append(separated ? "" : ":").append(hex(groups[i]));
      }
    }
    return text.toString();
  }

  private static String hex(int group) {
    return Integer.toHexString(group).toLowerCase(Locale.ROOT);
  }
}
