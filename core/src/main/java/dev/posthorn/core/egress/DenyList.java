package dev.posthorn.core.egress;

import static dev.posthorn.core.egress.EgressRule.LINK_LOCAL;
import static dev.posthorn.core.egress.EgressRule.LOOPBACK;
import static dev.posthorn.core.egress.EgressRule.METADATA_ADDRESS;
import static dev.posthorn.core.egress.EgressRule.MULTICAST;
import static dev.posthorn.core.egress.EgressRule.PRIVATE;
import static dev.posthorn.core.egress.EgressRule.RESERVED;
import static dev.posthorn.core.egress.EgressRule.TRANSITION;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * Every range that is denied by default, as data: the guard judges by it and the NetworkPolicy is
 * made from it. Of IPv6 only {@code 2000::/3} is global unicast, so what is outside is denied
 * without a row; rows outside only give a better reason. Sources: the special-purpose registries of
 * IANA (RFC 6890) and the clouds' own documents.
 */
public final class DenyList {
  /** The only IPv6 range with public addresses (RFC 4291, IANA). */
  public static final Cidr GLOBAL_UNICAST_V6 = Cidr.parse("2000::/3");

  /** All rows; the first that holds an address names the rule, so single addresses come first. */
  public static final List<DeniedRange> RANGES =
      List.of(
          row("169.254.169.254/32", METADATA_ADDRESS, "metadata of most clouds"),
          row("169.254.170.2/32", METADATA_ADDRESS, "credentials of AWS ECS tasks"),
          row("169.254.170.23/32", METADATA_ADDRESS, "credentials of AWS EKS pods"),
          row("100.100.100.200/32", METADATA_ADDRESS, "metadata of Alibaba Cloud"),
          row("192.0.0.192/32", METADATA_ADDRESS, "metadata of Oracle Cloud, classic"),
          row("168.63.129.16/32", METADATA_ADDRESS, "Azure's WireServer; it looks public"),
          row("fd00:ec2::23/128", METADATA_ADDRESS, "credentials of AWS EKS pods"),
          row("fd00:ec2::254/128", METADATA_ADDRESS, "metadata of AWS"),
          row("fd20:ce::254/128", METADATA_ADDRESS, "metadata of Google Cloud"),
          row("127.0.0.0/8", LOOPBACK, "this host (RFC 1122)"),
          row("0.0.0.0/8", LOOPBACK, "this network, often this host (RFC 1122)"),
          row("10.0.0.0/8", PRIVATE, "private network (RFC 1918)"),
          row("172.16.0.0/12", PRIVATE, "private network (RFC 1918)"),
          row("192.168.0.0/16", PRIVATE, "private network (RFC 1918)"),
          row("100.64.0.0/10", PRIVATE, "shared between carrier and customers (RFC 6598)"),
          row("169.254.0.0/16", LINK_LOCAL, "link-local (RFC 3927)"),
          row("192.0.0.0/24", RESERVED, "protocol assignments (RFC 6890)"),
          row("192.0.2.0/24", RESERVED, "documentation (RFC 5737)"),
          row("192.31.196.0/24", RESERVED, "AS112 service (RFC 7535)"),
          row("192.52.193.0/24", RESERVED, "automatic multicast tunnelling (RFC 7450)"),
          row("192.88.99.0/24", TRANSITION, "6to4 relay anycast (RFC 7526)"),
          row("192.175.48.0/24", RESERVED, "AS112 service (RFC 7534)"),
          row("198.18.0.0/15", RESERVED, "benchmarks (RFC 2544)"),
          row("198.51.100.0/24", RESERVED, "documentation (RFC 5737)"),
          row("203.0.113.0/24", RESERVED, "documentation (RFC 5737)"),
          row("224.0.0.0/4", MULTICAST, "multicast (RFC 5771)"),
          row("255.255.255.255/32", MULTICAST, "broadcast (RFC 919)"),
          row("240.0.0.0/4", RESERVED, "reserved (RFC 1112)"),
          row("::/127", LOOPBACK, "unspecified and loopback (RFC 4291)"),
          row("::/8", TRANSITION, "forms of IPv4 addresses (RFC 4291, RFC 2765)"),
          row("64:ff9b::/96", TRANSITION, "NAT64 (RFC 6052)"),
          row("64:ff9b:1::/48", TRANSITION, "local NAT64 (RFC 8215)"),
          row("100::/64", RESERVED, "discard (RFC 6666)"),
          row("100:0:0:1::/64", RESERVED, "dummy prefix (RFC 9780)"),
          row("2001::/32", TRANSITION, "Teredo (RFC 4380)"),
          row("2001::/23", RESERVED, "protocol assignments (RFC 2928)"),
          row("2001:db8::/32", RESERVED, "documentation (RFC 3849)"),
          row("2002::/16", TRANSITION, "6to4 (RFC 3056)"),
          row("2620:4f:8000::/48", RESERVED, "AS112 service (RFC 7534)"),
          row("3fff::/20", RESERVED, "documentation (RFC 9637)"),
          row("5f00::/16", RESERVED, "segment routing (RFC 9602)"),
          row("fc00::/7", PRIVATE, "unique local (RFC 4193)"),
          row("fe80::/10", LINK_LOCAL, "link-local (RFC 4291)"),
          row("fec0::/10", PRIVATE, "site-local, abandoned (RFC 3879)"),
          row("ff00::/8", MULTICAST, "multicast (RFC 4291)"));

  private static final DeniedRange NOT_GLOBAL =
      row("::/0", RESERVED, "not global unicast (RFC 4291)");

  private DenyList() {}

  /** The row that denies {@code address}; empty for global unicast. */
  public static Optional<DeniedRange> find(InetAddress address) {
    var bytes = address.getAddress();
    for (var range : RANGES) {
      if (range.cidr().contains(bytes)) {
        return Optional.of(range);
      }
    }
    return bytes.length == 16 && !GLOBAL_UNICAST_V6.contains(bytes)
        ? Optional.of(NOT_GLOBAL)
        : Optional.empty();
  }

  private static DeniedRange row(String cidr, EgressRule rule, String reason) {
    return new DeniedRange(Cidr.parse(cidr), rule, reason);
  }
}
