package dev.posthorn.core.keyring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.core.keyring.KeyringRecovery.Bootstrap;
import dev.posthorn.core.keyring.KeyringRecovery.Lost;
import dev.posthorn.core.keyring.KeyringRecovery.Restore;
import dev.posthorn.core.keyring.KeyringRecovery.Use;
import dev.posthorn.crds.Reason;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KeyringRecoveryTest {
  private final Keyring old = Story.of(Wishes.generated()).keyring();
  private final Keyring rotated = rotated();

  private static Keyring rotated() {
    Story story = Story.of(Wishes.generated()).pass(Duration.ofHours(1));
    return story.wish(story.wishes().rotateAfter(story.now())).keyring();
  }

  private static KeyringReading intact(Keyring keyring) {
    return KeyringJson.read(KeyringJson.write(keyring));
  }

  private static KeyringReading altered(Keyring keyring) {
    String json = new String(KeyringJson.write(keyring), StandardCharsets.UTF_8);
    return KeyringJson.read(
        json.replace("\"revision\":1", "\"revision\":7").getBytes(StandardCharsets.UTF_8));
  }

  private static KeyringRecovery decide(@Nullable KeyringReading stored, @Nullable Keyring copy) {
    return KeyringRecovery.decide(stored, copy, Bootstrap.GENERATE);
  }

  @Test
  void whatIsStoredIsUsedAlsoWhereItIsNewerThanTheCopy() {
    assertThat(decide(intact(old), null)).isEqualTo(new Use(old));
    assertThat(decide(intact(rotated), old)).isEqualTo(new Use(rotated));
    assertThat(decide(intact(old), old)).isEqualTo(new Use(old));
  }

  @Test
  void anOldBackupIsReplacedByTheCopy() {
    assertThat(decide(intact(old), rotated)).isEqualTo(new Restore(rotated));
  }

  @Test
  void anotherKeyringIsNoOldBackup() {
    Keyring other = Story.seeded(Wishes.generated(), 9).keyring();
    assertThat(decide(intact(other), rotated)).isEqualTo(new Use(other));
  }

  @Test
  void whatWasAlteredOrDeletedIsHealedFromTheCopy() {
    assertThat(altered(old)).isInstanceOf(KeyringReading.Damaged.class);
    assertThat(decide(altered(old), old)).isEqualTo(new Restore(old));
    assertThat(decide(null, rotated)).isEqualTo(new Restore(rotated));
  }

  @Test
  void withoutACopyAnAlteredKeyringIsLostAndNeverReplacedByNewKeys() {
    assertThat(decide(altered(old), null))
        .isInstanceOfSatisfying(
            Lost.class,
            lost -> {
              assertThat(lost.why().reason()).isEqualTo(Reason.KeyringLost);
              assertThat(lost.why().message()).contains("restore it from a backup");
            });
  }

  @Test
  void aFirstKeyIsMadeUnlessAKeyringIsRequired() {
    assertThat(decide(null, null)).isEqualTo(new Use(null));
    assertThat(KeyringRecovery.decide(null, null, Bootstrap.REQUIRE))
        .isInstanceOfSatisfying(
            Lost.class, lost -> assertThat(lost.why().reason()).isEqualTo(Reason.KeyringMissing));
    assertThat(KeyringRecovery.decide(null, old, Bootstrap.REQUIRE)).isEqualTo(new Restore(old));
    assertThat(Objects.requireNonNull(old).versions()).hasSize(1);
  }
}
