package dev.posthorn.core.egress;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the platform allows beside the defaults. Precedence of an address: {@code denyCidrs}, then
 * {@code allowCidrs}, then {@code clusterCidrs} and {@link DenyList}.
 *
 * @param ports where any public address may be reached; {@code [443]} by default
 * @param allowHttp whether {@code http} is allowed; it brings port 80 with it, since a list of 443
 *     alone would admit no http URL
 * @param allowCidrs ranges opened by the platform; address literals are allowed only inside them
 * @param allowHosts names opened for single namespaces
 * @param denyCidrs ranges closed by the platform; nothing opens them again
 * @param clusterCidrs pod, service and node ranges and the process's own addresses; they may be
 *     public, so they are no part of {@link DenyList}
 * @param clusterDomain the DNS suffix of the cluster, {@code cluster.local} by default
 */
public record EgressPolicy(
    Set<Integer> ports,
    boolean allowHttp,
    List<AllowedCidr> allowCidrs,
    List<AllowedHost> allowHosts,
    List<Cidr> denyCidrs,
    List<Cidr> clusterCidrs,
    String clusterDomain) {
  /** Public https on 443 and nothing else. */
  public static final EgressPolicy DEFAULT =
      new EgressPolicy(
          Set.of(443), false, List.of(), List.of(), List.of(), List.of(), "cluster.local");

  /** Copies and checks. */
  public EgressPolicy {
    ports = Ports.copy("egress.ports", ports);
    allowCidrs = List.copyOf(allowCidrs);
    allowHosts = List.copyOf(allowHosts);
    denyCidrs = List.copyOf(denyCidrs);
    clusterCidrs = List.copyOf(clusterCidrs);
    clusterDomain = HostNames.canonical(clusterDomain);
  }

  /** The ports where any public address may be reached: {@link #ports}, and 80 with allowHttp. */
  public Set<Integer> openPorts() {
    var open = new TreeSet<>(ports);
    if (allowHttp) {
      open.add(80);
    }
    return open;
  }

  /** The same policy with http allowed or not. */
  public EgressPolicy withAllowHttp(boolean allowed) {
    return new EgressPolicy(
        ports, allowed, allowCidrs, allowHosts, denyCidrs, clusterCidrs, clusterDomain);
  }

  /** The same policy with other opened ranges. */
  public EgressPolicy withAllowCidrs(List<AllowedCidr> ranges) {
    return new EgressPolicy(
        ports, allowHttp, ranges, allowHosts, denyCidrs, clusterCidrs, clusterDomain);
  }
}
