package dev.posthorn.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.core.keyring.KeyringRecovery.Bootstrap;
import dev.posthorn.operator.cluster.PayloadKeys.Found;
import dev.posthorn.operator.reconcile.StoreHome.Decision;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class StoreHomeTest {
  private static final byte[] KEY = new byte[32];
  private static final Found NOTHING = new Found.Nothing();

  @Test
  void aKeyThatIsThereIsUsedWhateverElseIs() {
    for (Bootstrap bootstrap : Bootstrap.values()) {
      assertThat(StoreHome.decide(new Found.Key(KEY), false, bootstrap))
          .isInstanceOf(Decision.Use.class);
      assertThat(StoreHome.decide(new Found.Key(KEY), true, bootstrap))
          .isInstanceOf(Decision.Use.class);
    }
  }

  @Test
  void theFirstKeyIsMadeOnceAndForNewDatabasesOnly() {
    assertThat(StoreHome.decide(NOTHING, false, Bootstrap.GENERATE))
        .isInstanceOf(Decision.Make.class);
    assertRefused(StoreHome.decide(NOTHING, true, Bootstrap.GENERATE), "restore it");
    assertRefused(StoreHome.decide(NOTHING, false, Bootstrap.REQUIRE), "restore it");
  }

  @Test
  void whatIsNoKeyIsNotReplaced() {
    assertRefused(
        StoreHome.decide(new Found.Unusable("is empty"), false, Bootstrap.GENERATE), "is empty");
  }

  private static void assertRefused(Decision decision, String why) {
    assertThat(decision)
        .isInstanceOfSatisfying(
            Decision.Refuse.class, refuse -> assertThat(refuse.why()).contains(why));
  }

  @Test
  void theDigestTellsEveryChangeAndNothingElse() {
    var other = new byte[32];
    other[0] = 1;
    SortedMap<String, byte[]> none = new TreeMap<>();
    SortedMap<String, byte[]> authority = new TreeMap<>(Map.of("ca.crt", new byte[] {7}));
    String digest = StoreHome.digest(KEY, "postgres://u:p@h/d", none);
    assertThat(digest).matches("[0-9a-f]{20}");
    assertThat(StoreHome.digest(KEY, "postgres://u:p@h/d", none)).isEqualTo(digest);
    assertThat(StoreHome.digest(KEY, "postgres://u:q@h/d", none)).isNotEqualTo(digest);
    assertThat(StoreHome.digest(other, "postgres://u:p@h/d", none)).isNotEqualTo(digest);
    assertThat(StoreHome.digest(KEY, "postgres://u:p@h/d", authority)).isNotEqualTo(digest);
  }
}
