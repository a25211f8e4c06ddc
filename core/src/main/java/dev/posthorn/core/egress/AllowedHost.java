package dev.posthorn.core.egress;

import java.util.Set;

/**
 * One name that the platform opened for named namespaces, normally a service in the cluster: the
 * name rules do not judge it, and it may have private addresses.
 *
 * @param host the exact name, lower case, without a trailing dot
 * @param ports the ports that are open there; empty = those of the policy
 * @param namespaces whose endpoints may use it; empty = nobody's
 */
public record AllowedHost(String host, Set<Integer> ports, Set<String> namespaces) {
  /** Copies, lowers the case, drops one trailing dot. */
  public AllowedHost {
    host = HostNames.canonical(host);
    ports = Ports.copy("allowHosts.ports", ports);
    namespaces = Set.copyOf(namespaces);
    if (host.isEmpty()) {
      throw new IllegalArgumentException("allowHosts.host is empty; name one host");
    }
  }

  /** {@code openPorts} are the policy's. */
  boolean admits(String name, int port, Set<Integer> openPorts) {
    return host.equals(name) && (ports.isEmpty() ? openPorts : ports).contains(port);
  }
}
