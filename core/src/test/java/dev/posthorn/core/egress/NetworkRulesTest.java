package dev.posthorn.core.egress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.core.egress.NetworkRules.Block;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The network and the guard give one verdict for every address. */
class NetworkRulesTest {
  private static final int RANDOM = 20_000;
  private static final List<Integer> PORTS = List.of(80, 443, 8080, 8443);

  static Stream<EgressPolicy> policies() {
    EgressPolicy closed = EgressPolicy.DEFAULT;
    return Stream.of(
        closed,
        closed.withAllowHttp(true),
        closed.withAllowCidrs(
            List.of(AllowedCidr.parse("10.0.0.0/8"), AllowedCidr.parse("[fd00::/16]:8443"))),
        new EgressPolicy(
            Set.of(443, 8443),
            false,
            List.of(
                AllowedCidr.parse("10.0.0.0/8:8080"),
                AllowedCidr.parse("192.168.1.0/24"),
                AllowedCidr.parse("8.8.8.0/24:80")),
            List.of(),
            List.of(
                Cidr.parse("10.1.0.0/16"),
                Cidr.parse("192.168.0.0/16"),
                Cidr.parse("9.9.9.9/32"),
                Cidr.parse("2606:4700::/32")),
            List.of(Cidr.parse("34.0.0.0/8"), Cidr.parse("2a00:1450::/32")),
            "cluster.local"));
  }

  @ParameterizedTest
  @MethodSource("policies")
  void theVerdictOfTheNetworkIsTheVerdictOfTheGuard(EgressPolicy policy)
      throws UnknownHostException {
    var guard = new EgressGuard(policy);
    List<Block> blocks = NetworkRules.of(policy);
    var different = new ArrayList<String>();
    for (InetAddress address : addresses(policy)) {
      for (int port : PORTS) {
        boolean allowed = guard.judgeAddress(address, port) instanceof Verdict.Allowed;
        if (allowed != admits(blocks, address, port)) {
          different.add(address.getHostAddress() + ":" + port + " guard " + allowed);
        }
      }
    }
    assertThat(different).isEmpty();
  }

  @Test
  void exceptionsLieInTheirRangeAndNotInEachOther() {
    List<Block> blocks = policies().flatMap(policy -> NetworkRules.of(policy).stream()).toList();

    assertThat(blocks)
        .allSatisfy(block ->
            assertThat(block.except())
                .allSatisfy(range -> assertThat(block.cidr().contains(range.network())).isTrue())
                .doesNotHaveDuplicates()
                .doesNotContain(Cidr.parse("169.254.169.254/32")));
  }

  /** What Kubernetes does with an ipBlock. */
  private static boolean admits(List<Block> blocks, InetAddress address, int port) {
    return blocks.stream()
        .filter(block -> block.ports().isEmpty() || block.ports().contains(port))
        .filter(block -> block.cidr().contains(address))
        .anyMatch(block -> block.except().stream().noneMatch(range -> range.contains(address)));
  }

  /** Both ends of every range with their neighbours, and random ones. */
  private static List<InetAddress> addresses(EgressPolicy policy) throws UnknownHostException {
    List<Cidr> ranges =
        Stream.of(
                DenyList.RANGES.stream().map(DeniedRange::cidr),
                policy.allowCidrs().stream().map(AllowedCidr::cidr),
                policy.denyCidrs().stream(),
                policy.clusterCidrs().stream(),
                Stream.of(DenyList.GLOBAL_UNICAST_V6))
            .flatMap(each -> each)
            .toList();
    var addresses = new ArrayList<InetAddress>();
    for (Cidr range : ranges) {
      int bits = range.network().getAddress().length * 8;
      BigInteger first = new BigInteger(1, range.network().getAddress());
      BigInteger last =
          first.add(BigInteger.ONE.shiftLeft(bits - range.prefix())).subtract(BigInteger.ONE);
      for (BigInteger end : List.of(first, last)) {
        for (int step = -1; step <= 1; step++) {
          BigInteger value = end.add(BigInteger.valueOf(step));
          if (value.signum() >= 0 && value.bitLength() <= bits) {
            addresses.add(address(value, bits / 8));
          }
        }
      }
    }
    var random = new SplittableRandom(1);
    for (int i = 0; i < RANDOM; i++) {
      var bytes = new byte[i % 2 == 0 ? 4 : 16];
      random.nextBytes(bytes);
      if (bytes.length == 16 && i % 4 == 1) {
        bytes[0] = (byte) (0x20 | (bytes[0] & 0x1f)); // where most public addresses are
      }
      addresses.add(InetAddress.getByAddress(bytes));
    }
    return addresses;
  }

  private static InetAddress address(BigInteger value, int length) throws UnknownHostException {
    byte[] bytes = value.toByteArray();
    var address = new byte[length];
    int size = Math.min(length, bytes.length);
    System.arraycopy(
        Arrays.copyOfRange(bytes, bytes.length - size, bytes.length),
        0,
        address,
        length - size,
        size);
    return InetAddress.getByAddress(address);
  }
}
