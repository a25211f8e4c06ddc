package dev.posthorn.operator.workload;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.egress.AllowedCidr;
import dev.posthorn.core.egress.AllowedHost;
import dev.posthorn.core.egress.Cidr;
import dev.posthorn.core.egress.DenyList;
import dev.posthorn.core.egress.EgressGuard;
import dev.posthorn.core.egress.EgressPolicy;
import dev.posthorn.crds.DispatcherSpec;
import io.fabric8.kubernetes.api.model.networking.v1.IPBlock;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a network plugin makes of the NetworkPolicy is what the guard in the pods says. */
class NetworkPolicyTest {
  private static final List<Integer> PORTS = List.of(80, 443, 6379, 8443);
  private static final int SEEDS = 60;
  private static final DispatcherSpec PLAIN =
      new JsonMapper().convertValue(Map.of(), DispatcherSpec.class);

  static List<Path> cases() throws IOException {
    return Cases.all();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theNetworkAndTheGuardGiveOneVerdict(Path folder) throws IOException {
    Installation installation = Cases.installation(folder);

    assertThat(different(installation.egress())).isEmpty();
  }

  static IntStream seeds() {
    return IntStream.range(0, SEEDS);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void soTheyDoForAnyPolicy(int seed) throws UnknownHostException {
    EgressPolicy policy = random(new Random(seed));

    assertThat(different(policy)).as(policy.toString()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void everyExceptionLiesInsideOfItsRange(int seed) {
    EgressPolicy policy = random(new Random(seed));

    assertThat(
            rules(policy)
                .flatMap(NetworkPolicyTest::blocks)
                .filter(block -> block.getExcept() != null))
        .allSatisfy(block -> {
          Cidr range = Cidr.parse(block.getCidr());
          assertThat(block.getExcept())
              .map(Cidr::parse)
              .allMatch(
                  except -> except.prefix() > range.prefix() && range.contains(except.network()));
        });
  }

  @Test
  void whatThePlatformClosesAsAWholeIsNoRule() {
    var closed = policy(List.of(), List.of("0.0.0.0/0", "::/0"), List.of());

    assertThat(rules(closed).flatMap(NetworkPolicyTest::blocks)).isEmpty();
  }

  private static List<String> different(EgressPolicy policy) throws UnknownHostException {
    var guard = new EgressGuard(policy);
    List<NetworkPolicyEgressRule> rules = rules(policy).toList();
    var different = new ArrayList<String>();
    for (InetAddress address : addresses(policy)) {
      for (int port : PORTS) {
        boolean allowed = guard.judgeAddress(address, port).allowed();
        if (allowed != admits(rules, address, port)) {
          different.add(address.getHostAddress() + ":" + port + ", the guard says " + allowed);
        }
      }
    }
    return different;
  }

  /** Of the egress; the first is DNS. */
  private static Stream<NetworkPolicyEgressRule> rules(EgressPolicy policy) {
    var name = new ResourceName("posthorn-system", "default");
    var installation =
        new Installation(
            name,
            "1",
            PLAIN,
            policy,
            "image",
            "operator",
            List.of(),
            StoreAccess.EMBEDDED,
            List.of());
    NetworkPolicy made = new Network(installation, new Labels(installation)).policy();
    return made.getSpec().getEgress().stream().skip(1);
  }

  /** What Kubernetes does with rules of addresses and ports. */
  private static boolean admits(
      List<NetworkPolicyEgressRule> rules, InetAddress address, int port) {
    return rules.stream()
        .filter(rule ->
            rule.getPorts().isEmpty()
                || rule.getPorts().stream()
                    .anyMatch(each -> Objects.equals(each.getPort().getIntVal(), port)))
        .flatMap(NetworkPolicyTest::blocks)
        .filter(block -> Cidr.parse(block.getCidr()).contains(address))
        .anyMatch(block ->
            block.getExcept().stream().noneMatch(range -> Cidr.parse(range).contains(address)));
  }

  private static Stream<IPBlock> blocks(NetworkPolicyEgressRule rule) {
    return rule.getTo().stream().map(NetworkPolicyPeer::getIpBlock).filter(Objects::nonNull);
  }

  /** Ranges that hold, touch and miss each other and what is denied by default. */
  private static EgressPolicy random(Random random) {
    List<String> allowed = ranges(random);
    return policy(allowed, ranges(random), ranges(random));
  }

  private static EgressPolicy policy(
      List<String> allowed, List<String> denied, List<String> cluster) {
    return new EgressPolicy(
        Set.of(443, 8443),
        allowed.size() % 2 == 0,
        allowed.stream()
            .map(Cidr::parse)
            .map(cidr -> new AllowedCidr(cidr, cidr.prefix() % 2 == 0 ? Set.of() : Set.of(6379)))
            .toList(),
        List.of(new AllowedHost("erp.acme.svc", Set.of(80), Set.of("acme"))),
        denied.stream().map(Cidr::parse).toList(),
        cluster.stream().map(Cidr::parse).toList(),
        "cluster.local");
  }

  private static List<String> ranges(Random random) {
    var ranges = new HashSet<String>();
    int count = random.nextInt(5);
    for (int i = 0; i < count; i++) {
      ranges.add(random.nextBoolean() ? v4(random) : v6(random));
    }
    return ranges.stream().sorted().toList();
  }

  private static String v4(Random random) {
    int prefix = random.nextInt(33);
    int base = List.of(0x0A000000, 0xC0A80000, 0x08080000, 0xA9FE0000).get(random.nextInt(4));
    int bits = base | random.nextInt(0x10000);
    int network = prefix == 0 ? 0 : bits & (-1 << (32 - prefix));
    return "%d.%d.%d.%d/%d"
        .formatted(
            network >>> 24, network >>> 16 & 255, network >>> 8 & 255, network & 255, prefix);
  }

  private static String v6(Random random) {
    return List.of(
            "::/0",
            "2000::/3",
            "::/2",
            "fd00::/8",
            "2001:db8::/32",
            "2606:4700::/32",
            "2606::/16",
            "::1/128")
        .get(random.nextInt(8));
  }

  /** Both ends of every range with their neighbours, and well-known public ones. */
  private static Set<InetAddress> addresses(EgressPolicy policy) throws UnknownHostException {
    var addresses = new LinkedHashSet<InetAddress>();
    for (String each : List.of("8.8.8.8", "1.1.1.1", "2606:4700::1111", "2001:4860::8888")) {
      addresses.add(InetAddress.getByName(each));
    }
    List<Cidr> ranges =
        Stream.of(
                DenyList.RANGES.stream().map(range -> range.cidr()),
                policy.allowCidrs().stream().map(AllowedCidr::cidr),
                policy.denyCidrs().stream(),
                policy.clusterCidrs().stream(),
                Stream.of(DenyList.GLOBAL_UNICAST_V6))
            .flatMap(range -> range)
            .toList();
    for (Cidr range : ranges) {
      int length = range.network().getAddress().length;
      BigInteger first = new BigInteger(1, range.network().getAddress());
      BigInteger size = BigInteger.ONE.shiftLeft(length * 8 - range.prefix());
      for (BigInteger each :
          List.of(
              first.subtract(BigInteger.ONE),
              first,
              first.add(size).subtract(BigInteger.ONE),
              first.add(size))) {
        if (each.signum() >= 0 && each.bitLength() <= length * 8) {
          addresses.add(address(each, length));
        }
      }
    }
    return addresses;
  }

  private static InetAddress address(BigInteger value, int length) throws UnknownHostException {
    var bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[length - 1 - i] = value.shiftRight(8 * i).byteValue();
    }
    return InetAddress.getByAddress(bytes);
  }
}
