package dev.posthorn.operator.workload;

import dev.posthorn.core.egress.Cidr;
import dev.posthorn.core.egress.NetworkRules;
import dev.posthorn.crds.NetworkPolicySpec;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRuleBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRuleBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeerBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPortBuilder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The NetworkPolicies of the pods: what the product needs, and for pods that send the internet
 * minus the guard's own list ({@link NetworkRules}). The guard in the pods judges again, by name
 * and namespace.
 */
record Network(Installation installation, Labels labels) {
  private static final String NAMESPACE_LABEL = "kubernetes.io/metadata.name";
  private static final String MONITORING_LABEL = "posthorn.dev/monitoring";
  private static final String SERVICES = ".svc";
  private static final String TCP = "TCP";

  /** One of all pods; with gateways one of theirs, and one of all others, also of former roles. */
  List<NetworkPolicy> policies(List<PodRole> roles) {
    return roles.contains(PodRole.GATEWAY) ? List.of(gateways(), senders()) : List.of(policy());
  }

  NetworkPolicy policy() {
    LabelSelector all = new LabelSelectorBuilder().withMatchLabels(labels.selector()).build();
    return policy("dispatcher", all, List.of(callers(), observers()), egress());
  }

  private NetworkPolicy gateways() {
    LabelSelector gateways =
        new LabelSelectorBuilder().withMatchLabels(labels.selector(PodRole.GATEWAY)).build();
    return policy("gateway", gateways, List.of(callers(), observers()), needs());
  }

  private NetworkPolicy senders() {
    LabelSelector others =
        new LabelSelectorBuilder()
            .withMatchLabels(labels.selector())
            .addNewMatchExpression()
            .withKey(Workload.COMPONENT)
            .withOperator("NotIn")
            .withValues(PodRole.GATEWAY.word())
            .endMatchExpression()
            .build();
    return policy("dispatcher", others, List.of(observers()), egress());
  }

  private NetworkPolicy policy(
      String name,
      LabelSelector pods,
      List<NetworkPolicyIngressRule> ingress,
      List<NetworkPolicyEgressRule> egress) {
    return new NetworkPolicyBuilder()
        .withMetadata(labels.meta(installation.name().name() + "-" + name, labels.common()))
        .withNewSpec()
        .withPodSelector(pods)
        .withPolicyTypes("Ingress", "Egress")
        .withIngress(ingress)
        .withEgress(egress)
        .endSpec()
        .build();
  }

  /** At the API's port. */
  private NetworkPolicyIngressRule callers() {
    List<NetworkPolicySpec.Peer> from = installation.spec().networkPolicy().ingressFrom();
    return new NetworkPolicyIngressRuleBuilder()
        .withPorts(port(Pods.API_PORT, TCP))
        .withFrom(from.stream().map(Network::peer).toList())
        .build();
  }

  /** The operator, and who is labelled for it, at the other port. */
  private NetworkPolicyIngressRule observers() {
    return new NetworkPolicyIngressRuleBuilder()
        .withPorts(port(Pods.MANAGEMENT_PORT, TCP))
        .withFrom(
            new NetworkPolicyPeerBuilder()
                .withNewNamespaceSelector()
                .addToMatchLabels(NAMESPACE_LABEL, installation.operatorNamespace())
                .endNamespaceSelector()
                .withNewPodSelector()
                .addToMatchLabels("app.kubernetes.io/name", "posthorn-operator")
                .endPodSelector()
                .build(),
            new NetworkPolicyPeerBuilder()
                .withNewNamespaceSelector()
                .addToMatchLabels(MONITORING_LABEL, "true")
                .endNamespaceSelector()
                .build())
        .build();
  }

  /** What pods need of every kind. */
  private List<NetworkPolicyEgressRule> needs() {
    var rules = new ArrayList<NetworkPolicyEgressRule>();
    rules.add(dns());
    installation.apiServers().forEach(server -> rules.add(server(server)));
    for (String cidr : installation.spec().networkPolicy().apiServerCidrs()) {
      rules.add(rule(List.of(range(Cidr.parse(cidr), List.of())), List.of()));
    }
    installation.store().servers().forEach(database -> rules.add(server(database)));
    for (NetworkPolicySpec.Peer peer : installation.spec().networkPolicy().egressTo()) {
      rules.add(rule(List.of(peer(peer)), peer.ports()));
    }
    return rules;
  }

  private List<NetworkPolicyEgressRule> egress() {
    List<NetworkPolicyEgressRule> rules = needs();
    installation.brokers().forEach(broker -> rules.add(server(broker)));
    installation
        .egress()
        .allowHosts()
        .forEach(
            host -> namespaceOf(host.host()).ifPresent(namespace -> rules.add(host(namespace))));
    for (NetworkRules.Block block : NetworkRules.of(installation.egress())) {
      rules.add(rule(List.of(range(block.cidr(), block.except())), block.ports()));
    }
    return rules;
  }

  /** Wherever the resolver is: its place differs between clusters, and port 53 is all it gives. */
  private static NetworkPolicyEgressRule dns() {
    return new NetworkPolicyEgressRuleBuilder().withPorts(port(53, "UDP"), port(53, TCP)).build();
  }

  /** A Service's name says its namespace; its pods may listen at other ports than the Service. */
  private static NetworkPolicyEgressRule host(String namespace) {
    return rule(List.of(namespace(namespace)), List.of());
  }

  private NetworkPolicyEgressRule server(Installation.Address server) {
    Optional<Cidr> literal = literal(server.host());
    if (literal.isPresent()) {
      return rule(List.of(range(literal.get(), List.of())), List.of(server.port()));
    }
    Optional<String> namespace = namespaceOf(server.host());
    if (namespace.isPresent()) {
      return rule(List.of(namespace(namespace.get())), List.of());
    }
    return rule(
        List.of(
            range(Cidr.parse("0.0.0.0/0"), List.of(Cidr.parse("169.254.0.0/16"))),
            range(Cidr.parse("::/0"), List.of(Cidr.parse("fe80::/10")))),
        List.of(server.port()));
  }

  /**
   * The namespace of the Service that {@code host} names, as a pod's resolver reads it (the guard
   * leaves names that the platform opened to it): {@code name} in the pod's own namespace, {@code
   * name.namespace}, or either end {@code .svc} and {@code .svc.<cluster domain>}. Empty for
   * everything else, a public name.
   *
   * <p>Two labels may be a public name as well. They are read as a Service all the same, because
   * that never opens more than was asked for: without such a namespace it opens nothing, and with
   * one the search list finds the Service first. Whoever means a public server opens it in {@code
   * networkPolicy.egressTo}, or ends its name with a dot.
   */
  private Optional<String> namespaceOf(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    boolean whole = name.endsWith(".");
    if (whole) {
      name = name.substring(0, name.length() - 1);
    }
    int labels = name.split("\\.", -1).length;
    if (labels <= 2 && !whole) {
      return labels == 1 ? Optional.of(installation.namespace()) : lastOf(name);
    }
    String domain = SERVICES + "." + installation.egress().clusterDomain();
    if (name.endsWith(domain)) {
      return lastOf(name.substring(0, name.length() - domain.length()));
    }
    return name.endsWith(SERVICES) && !whole
        ? lastOf(name.substring(0, name.length() - SERVICES.length()))
        : Optional.empty();
  }

  /** A Service has a name and a namespace, a pod of it one label more. */
  private static Optional<String> lastOf(String name) {
    int dot = name.lastIndexOf('.');
    return dot < 0 ? Optional.empty() : Optional.of(name.substring(dot + 1));
  }

  private static Optional<Cidr> literal(String host) {
    try {
      return Optional.of(Cidr.parse(host));
    } catch (IllegalArgumentException name) {
      return Optional.empty();
    }
  }

  private static NetworkPolicyEgressRule rule(
      List<NetworkPolicyPeer> to, Collection<Integer> ports) {
    return new NetworkPolicyEgressRuleBuilder()
        .withTo(to)
        .withPorts(new TreeSet<>(ports).stream().map(port -> port(port, TCP)).toList())
        .build();
  }

  private static NetworkPolicyPort port(int number, String protocol) {
    return new NetworkPolicyPortBuilder()
        .withPort(new IntOrString(number))
        .withProtocol(protocol)
        .build();
  }

  private static NetworkPolicyPeer range(Cidr cidr, List<Cidr> except) {
    return new NetworkPolicyPeerBuilder()
        .withNewIpBlock()
        .withCidr(cidr.toString())
        .withExcept(except.stream().map(Cidr::toString).toList())
        .endIpBlock()
        .build();
  }

  private static NetworkPolicyPeer namespace(String name) {
    return new NetworkPolicyPeerBuilder()
        .withNewNamespaceSelector()
        .addToMatchLabels(NAMESPACE_LABEL, name)
        .endNamespaceSelector()
        .build();
  }

  private static NetworkPolicyPeer peer(NetworkPolicySpec.Peer peer) {
    if (peer.cidr() != null) {
      return range(Cidr.parse(peer.cidr()), List.of());
    }
    return new NetworkPolicyPeerBuilder()
        .withNamespaceSelector(selector(peer.namespaceSelector()))
        .withPodSelector(selector(peer.podSelector()))
        .build();
  }

  private static @Nullable LabelSelector selector(
      dev.posthorn.crds.@Nullable LabelSelector selector) {
    if (selector == null) {
      return null;
    }
    return new LabelSelectorBuilder()
        .withMatchLabels(selector.matchLabels())
        .withMatchExpressions(
            selector.matchExpressions().stream()
                .map(each ->
                    new LabelSelectorRequirement(each.key(), each.operator().name(), each.values()))
                .toList())
        .build();
  }
}
