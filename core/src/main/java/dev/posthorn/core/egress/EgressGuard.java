package dev.posthorn.core.egress;

import static dev.posthorn.core.egress.EgressRule.CLUSTER_ADDRESS;
import static dev.posthorn.core.egress.EgressRule.DENIED_CIDR;
import static dev.posthorn.core.egress.EgressRule.IP_LITERAL;
import static dev.posthorn.core.egress.EgressRule.PORT;
import static dev.posthorn.core.egress.EgressRule.PRIVATE;

import dev.posthorn.core.egress.Verdict.Allowed;
import dev.posthorn.core.egress.Verdict.Denied;
import java.net.InetAddress;
import java.util.Optional;
import java.util.Set;

/**
 * Judges a destination three times: its URL when it is declared and before each request, its name
 * before the lookup, and the address that is really dialled. Pure and immutable; any thread.
 *
 * <p>A URL that is allowed may still be denied later: its port can be open in one range only, and
 * its name can have any address.
 */
public final class EgressGuard {
  private final EgressPolicy policy;
  private final Set<Integer> openPorts;

  /** Judges by {@code policy}. */
  public EgressGuard(EgressPolicy policy) {
    this.policy = policy;
    this.openPorts = Set.copyOf(policy.openPorts());
  }

  /** The policy that this guard judges by. */
  public EgressPolicy policy() {
    return policy;
  }

  /**
   * Judges an absolute URL, as text, for an endpoint in {@code namespace}. Everything that two
   * parsers could read differently is denied, so an allowed URL means the same to every client.
   */
  public Verdict judgeUrl(String url, String namespace) {
    return switch (UrlRules.read(url, policy.allowHttp())) {
      case UrlRules.Wrong wrong -> wrong.denied();
      case UrlRules.Parts parts -> judgeName(parts.host(), parts.port(), namespace);
    };
  }

  /**
   * Judges a host as it stands in a URL (a name, an IPv4 literal, or an IPv6 literal with or
   * without brackets) and a port.
   */
  public Verdict judgeName(String host, int port, String namespace) {
    var name = HostNames.canonical(host);
    if (opened(name, port, Optional.of(namespace))) {
      return Allowed.ALLOWED;
    }
    var literal = IpLiteral.parse(NameRules.withoutBrackets(name));
    if (literal.isPresent()) {
      return judgeLiteral(literal.get(), port);
    }
    var wrong = NameRules.judge(name, policy.clusterDomain());
    return wrong.isPresent() ? wrong.get() : judgePort(port);
  }

  /** Judges an address that is going to be dialled, whatever name led to it. */
  public Verdict judgeAddress(InetAddress address, int port) {
    if (policy.denyCidrs().stream().anyMatch(cidr -> cidr.contains(address))) {
      return denied(DENIED_CIDR, address, "in egress.denyCidrs");
    }
    for (var allowed : policy.allowCidrs()) {
      if (allowed.admits(address, port)) {
        return Allowed.ALLOWED;
      }
    }
    return judgeByDefault(address, port);
  }

  /**
   * Judges an address that a lookup of {@code host} gave. A name in allowHosts may also have
   * private and cluster addresses; whose endpoints may use that name was judged with the URL.
   */
  public Verdict judgeAddress(String host, InetAddress address, int port) {
    var verdict = judgeAddress(address, port);
    boolean forgiven =
        verdict instanceof Denied(var rule, var _)
            && Set.of(PRIVATE, CLUSTER_ADDRESS, PORT).contains(rule)
            && opened(HostNames.canonical(host), port, Optional.empty());
    return forgiven ? Allowed.ALLOWED : verdict;
  }

  /** Whether the platform opened this name itself: it may be one that only the cluster knows. */
  private boolean opensHost(String host) {
    var name = HostNames.canonical(host);
    return policy.allowHosts().stream().anyMatch(allowed -> allowed.host().equals(name));
  }

  /**
   * A host as it is to be looked up: with a final dot, which keeps search lists out ({@code
   * foo.bar} must not become {@code foo.bar.svc.cluster.local}), unless the platform opened the
   * name or it is an address.
   */
  public String nameToLookUp(String host) {
    boolean literal = IpLiteral.parse(NameRules.withoutBrackets(host)).isPresent();
    return literal || host.endsWith(".") || opensHost(host) ? host : host + ".";
  }

  private boolean opened(String name, int port, Optional<String> namespace) {
    for (var allowed : policy.allowHosts()) {
      if (allowed.admits(name, port, openPorts)
          && namespace.map(allowed.namespaces()::contains).orElse(true)) {
        return true;
      }
    }
    return false;
  }

  private Verdict judgeLiteral(InetAddress address, int port) {
    var verdict = judgeAddress(address, port);
    boolean inside =
        policy.allowCidrs().stream().anyMatch(allowed -> allowed.admits(address, port));
    return verdict instanceof Denied || inside
        ? verdict
        : denied(IP_LITERAL, address, "an address, not a name; use a name or egress.allowCidrs");
  }

  private Verdict judgePort(int port) {
    boolean open =
        openPorts.contains(port)
            || policy.allowCidrs().stream().anyMatch(allowed -> allowed.admits(port));
    return open ? Allowed.ALLOWED : closed(port);
  }

  private Verdict judgeByDefault(InetAddress address, int port) {
    for (var cidr : policy.clusterCidrs()) {
      if (cidr.contains(address)) {
        return denied(CLUSTER_ADDRESS, address, "in the cluster's own range " + cidr);
      }
    }
    var range = DenyList.find(address);
    if (range.isPresent()) {
      var found = range.get();
      return denied(found.rule(), address, "in " + found.cidr() + ", " + found.reason());
    }
    return openPorts.contains(port) ? Allowed.ALLOWED : closed(port);
  }

  private Denied closed(int port) {
    return new Denied(
        PORT, "port %d is not open; egress.ports allows %s".formatted(port, policy.openPorts()));
  }

  private static Denied denied(EgressRule rule, InetAddress address, String why) {
    return new Denied(rule, IpLiteral.format(address) + " is " + why);
  }
}
