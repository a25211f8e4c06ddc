package dev.posthorn.core.egress;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The addresses that {@link EgressGuard} admits, as a NetworkPolicy can say it: ranges with
 * exceptions. Both come from one list, so that what one admits the other does too. Pure.
 */
public final class NetworkRules {
  private static final Cidr ALL_V4 = Cidr.parse("0.0.0.0/0");

  /**
   * A range that may be reached.
   *
   * @param except ranges inside it that may not
   * @param ports empty = all
   */
  public record Block(Cidr cidr, List<Cidr> except, Set<Integer> ports) {
    /** Copies list and set. */
    public Block {
      except = List.copyOf(except);
      ports = Set.copyOf(ports);
    }
  }

  private NetworkRules() {}

  /**
   * What {@code policy} opens by address. Names in {@code allowHosts} are no addresses and not
   * among them.
   */
  public static List<Block> of(EgressPolicy policy) {
    List<Cidr> closed =
        Stream.of(
                DenyList.RANGES.stream().map(DeniedRange::cidr),
                policy.clusterCidrs().stream(),
                policy.denyCidrs().stream())
            .flatMap(ranges -> ranges)
            .toList();
    var blocks = new ArrayList<Block>();
    for (Cidr everything : List.of(ALL_V4, DenyList.GLOBAL_UNICAST_V6)) {
      add(new Block(everything, inside(everything, closed), policy.openPorts()), closed, blocks);
    }
    List<Cidr> denied = policy.denyCidrs();
    for (AllowedCidr allowed : policy.allowCidrs()) {
      Cidr cidr = allowed.cidr();
      add(new Block(cidr, inside(cidr, denied), allowed.ports()), denied, blocks);
    }
    return List.copyOf(blocks);
  }

  /** An exception must lie inside of its range: what is closed as a whole is no range at all. */
  private static void add(Block block, List<Cidr> closed, List<Block> blocks) {
    if (closed.stream().noneMatch(range -> covers(range, block.cidr()))) {
      blocks.add(block);
    }
  }

  /** The widest of {@code ranges} that lie in {@code whole}, in their order. */
  private static List<Cidr> inside(Cidr whole, List<Cidr> ranges) {
    List<Cidr> within = ranges.stream().filter(range -> covers(whole, range)).distinct().toList();
    return within.stream()
        .filter(range ->
            within.stream().noneMatch(other -> !other.equals(range) && covers(other, range)))
        .toList();
  }

  private static boolean covers(Cidr outer, Cidr inner) {
    return outer.prefix() <= inner.prefix() && outer.contains(inner.network());
  }
}
