package dev.posthorn.operator.workload;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.egress.AllowedHost;
import dev.posthorn.core.egress.EgressPolicy;
import dev.posthorn.crds.DispatcherSpec;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a name opens: the namespace of a Service with all ports, or one port everywhere. */
class NetworkTest {
  private static final EgressPolicy NOTHING = policy(List.of());
  private static final DispatcherSpec PLAIN =
      new JsonMapper().convertValue(Map.of(), DispatcherSpec.class);

  @ParameterizedTest
  @CsvSource({
    "redis, namespace hooks",
    "redis.data, namespace data",
    "Redis.Data, namespace data",
    "redis.data.svc, namespace data",
    "redis.data.svc.cluster.test, namespace data",
    "redis.data.svc.cluster.test., namespace data",
    "redis-0.redis.data.svc, namespace data",
    "redis-0.redis.data.svc.cluster.test, namespace data",
    "redis.svc, namespace svc",
    "example.com, namespace com",
    "example.com., everywhere",
    "redis.example.com, everywhere",
    "redis.data.svc.example.com, everywhere",
    "redis.data.svc.cluster.local, everywhere",
    "redis.data.svc., everywhere",
    "10.1.2.3, 10.1.2.3/32",
    "fd00::1, fd00::1/128",
  })
  void aBrokerOpens(String host, String opened) {
    NetworkPolicyEgressRule rule = rules(NOTHING, List.of(new Installation.Address(host, 6379)));

    assertThat(text(rule)).isEqualTo(opened);
    assertThat(rule.getPorts()).hasSize(opened.startsWith("namespace") ? 0 : 1);
  }

  @ParameterizedTest
  @CsvSource({
    "erp.acme.svc, namespace acme",
    "erp.acme, namespace acme",
    "erp.acme.svc.cluster.test, namespace acme",
  })
  void aHostThatIsAllowedOpensItsNamespace(String host, String opened) {
    assertThat(text(rules(policy(List.of(host)), List.of()))).isEqualTo(opened);
  }

  @ParameterizedTest
  @CsvSource({"erp.example.com", "erp.acme.svc.example.com"})
  void aPublicHostThatIsAllowedOpensNothing(String host) {
    List<NetworkPolicyEgressRule> rules = all(policy(List.of(host)), List.of());

    assertThat(rules).isEqualTo(all(NOTHING, List.of()));
  }

  /** The one after DNS. */
  private static NetworkPolicyEgressRule rules(
      EgressPolicy policy, List<Installation.Address> brokers) {
    List<NetworkPolicyEgressRule> rules = all(policy, brokers);
    assertThat(rules).hasSize(all(NOTHING, List.of()).size() + 1);
    return rules.get(1);
  }

  private static List<NetworkPolicyEgressRule> all(
      EgressPolicy policy, List<Installation.Address> brokers) {
    var installation =
        new Installation(
            new ResourceName("hooks", "default"),
            "1",
            PLAIN,
            policy,
            "image",
            "operator",
            List.of(),
            StoreAccess.EMBEDDED,
            brokers);
    return new Network(installation, new Labels(installation)).policy().getSpec().getEgress();
  }

  private static String text(NetworkPolicyEgressRule rule) {
    String text =
        rule.getTo().stream().map(NetworkTest::text).distinct().collect(Collectors.joining(" "));
    return text.equals("0.0.0.0/0 ::/0") ? "everywhere" : text;
  }

  private static String text(NetworkPolicyPeer peer) {
    return peer.getIpBlock() != null
        ? peer.getIpBlock().getCidr()
        : "namespace "
            + peer.getNamespaceSelector().getMatchLabels().get("kubernetes.io/metadata.name");
  }

  private static EgressPolicy policy(List<String> hosts) {
    return new EgressPolicy(
        Set.of(443),
        false,
        List.of(),
        hosts.stream().map(host -> new AllowedHost(host, Set.of(), Set.of("acme"))).toList(),
        List.of(),
        List.of(),
        "cluster.test");
  }
}
