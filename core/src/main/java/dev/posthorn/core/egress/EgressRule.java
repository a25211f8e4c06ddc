package dev.posthorn.core.egress;

import java.util.Locale;

/**
 * Why a destination is denied; named in the platform's log and by {@code posthorn egress check},
 * never told to a tenant. Order: as judged.
 */
public enum EgressRule {
  /** The text is no URL with a scheme, {@code ://} and a host, or is longer than 2,048. */
  NOT_A_URL,
  /** A character outside ASCII; cure: the A-label ({@code xn--...}) and percent-encoding. */
  NON_ASCII,
  /** A control character, a space or another character that RFC 3986 admits nowhere. */
  FORBIDDEN_CHARACTER,
  /** A backslash: programs disagree whether it ends the host. */
  BACKSLASH,
  /** {@code http} without allowHttp, or any scheme but http and https. */
  SCHEME,
  /** A user or password before the host; cure: a header from a Secret. */
  USERINFO,
  /** A {@code #}: it is never sent, and parsers disagree about hosts before it. */
  FRAGMENT,
  /** A {@code %} in the host. */
  PERCENT_IN_HOST,
  /**
   * The host is no DNS name: empty or too long labels, other characters than letters, digits, - _.
   */
  HOST_SYNTAX,
  /** The last label is a number, but the host is no plain address: {@code 127.1, 0x7f.1}. */
  ENDS_IN_NUMBER,
  /** An address instead of a name; cure: a name, or allowCidrs. */
  IP_LITERAL,
  /** A name of one label, which a search list would complete. */
  SINGLE_LABEL,
  /** A name of a cloud's metadata service. */
  METADATA_NAME,
  /** A name of the host, the cluster or a local network, or a reserved one. */
  LOCAL_NAME,
  /** A port outside the list; cure: egress.ports. */
  PORT,
  /** In a range that the platform closed (denyCidrs). */
  DENIED_CIDR,
  /** The address of a cloud's metadata service. */
  METADATA_ADDRESS,
  /** In a pod, service or node range, or an own address. */
  CLUSTER_ADDRESS,
  /** This host itself: loopback or unspecified. */
  LOOPBACK,
  /** A private network (RFC 1918, RFC 6598, RFC 4193, site-local). */
  PRIVATE,
  /** Link-local. */
  LINK_LOCAL,
  /** Multicast or broadcast. */
  MULTICAST,
  /** An IPv6 form that carries an IPv4 address: NAT64, 6to4, Teredo, IPv4-compatible. */
  TRANSITION,
  /** Reserved for documentation, benchmarks, protocols or nothing yet. */
  RESERVED;

  /** The text in logs and output: {@code ends-in-number}. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
