package dev.posthorn.dispatcher.lane;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RoundRobinTest {
  private final RoundRobin<Player> ring = new RoundRobin<>();

  private static final class Player extends RoundRobin.Member {
    private final String name;
    private final int weight;
    private final double cost;

    private Player(String name, int weight, double cost) {
      this.name = name;
      this.weight = weight;
      this.cost = cost;
    }

    @Override
    int weight() {
      return weight;
    }
  }

  @Test
  void nobodyHasATurnInAnEmptyRing() {
    assertThat(ring.next()).isNull();
    assertThat(ring.isEmpty()).isTrue();
  }

  @Test
  void equalMembersGetEqualTurns() {
    ring.join(new Player("a", 1, 10));
    ring.join(new Player("b", 1, 10));
    assertThat(play(1_000)).containsEntry("a", 500).containsEntry("b", 500);
  }

  @Test
  void weightsDivideTurns() {
    ring.join(new Player("heavy", 4, 10));
    ring.join(new Player("light", 1, 10));
    Map<String, Integer> turns = play(1_000);
    assertThat(turns.get("heavy")).isBetween(790, 810);
  }

  @Test
  void whoHangsPaysForIt() {
    ring.join(new Player("hangs", 1, 15_000));
    ring.join(new Player("quick", 1, 10));
    Map<String, Integer> turns = play(15_010);
    assertThat(turns.get("quick")).isGreaterThan(1_400 * turns.getOrDefault("hangs", 1));
  }

  @Test
  void aMemberInDebtStillGetsItsTurnWhenItIsAlone() {
    var hangs = new Player("hangs", 1, 15_000);
    ring.join(hangs);
    assertThat(play(5)).containsEntry("hangs", 5);
  }

  @Test
  void debtSurvivesAnAbsence() {
    var hangs = new Player("hangs", 1, 15_000);
    var quick = new Player("quick", 1, 10);
    ring.join(hangs);
    ring.join(quick);
    play(20);
    ring.leave(hangs);
    ring.join(hangs);
    assertThat(play(100)).doesNotContainKey("hangs");
  }

  @Test
  void whoLeftHasNoTurn() {
    var a = new Player("a", 1, 10);
    ring.join(a);
    ring.join(new Player("b", 1, 10));
    ring.leave(a);
    assertThat(play(10)).containsOnlyKeys("b");
    ring.join(a);
    assertThat(play(100)).containsOnlyKeys("a", "b");
  }

  @Test
  void whoLeftInTheMiddleOfItsTurnGoesOnWithIt() {
    var heavy = new Player("heavy", 4, 1);
    ring.join(heavy);
    ring.join(new Player("light", 1, 1));
    assertThat(play(64)).containsOnlyKeys("heavy");
    ring.leave(heavy);
    assertThat(play(3)).containsOnlyKeys("light");
    ring.join(heavy);
    assertThat(play(4 * 100 - 64)).containsOnlyKeys("heavy");
    assertThat(play(97)).containsOnlyKeys("light");
  }

  @Test
  void comingAndGoingGainsNothing() {
    var restless = new Player("restless", 1, 1);
    ring.join(restless);
    ring.join(new Player("b", 1, 1));
    int turns = 0;
    for (int i = 0; i < 10_000; i++) {
      turns += play(1).getOrDefault("restless", 0);
      ring.leave(restless);
      ring.join(restless);
    }
    assertThat(turns).isBetween(4_900, 5_100);
  }

  private Map<String, Integer> play(int turns) {
    var counts = new HashMap<String, Integer>();
    for (int i = 0; i < turns; i++) {
      Player player = ring.next();
      assertThat(player).isNotNull();
      counts.merge(player.name, 1, Integer::sum);
      ring.charge(player, player.cost);
    }
    return counts;
  }
}
