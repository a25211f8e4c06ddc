package dev.posthorn.cli.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

final class SettlingTest {
  private static final Instant T = Instant.parse("2026-11-22T10:00:00Z");

  private final Settling<String> settling = new Settling<>("a");

  @Test
  void whatWasTakenIsNoChange() {
    assertThat(settling.settles("a", T)).isFalse();
    assertThat(settling.unsettled()).isFalse();
  }

  @Test
  void aChangeCountsOnceItWasStillForTheQuietTime() {
    assertThat(settling.settles("b", T)).isFalse();
    assertThat(settling.settles("b", T.plusMillis(99))).isFalse();
    assertThat(settling.settles("b", T.plusMillis(100))).isTrue();
    assertThat(settling.settles("b", T.plusMillis(200))).isFalse();
  }

  @Test
  void everyFurtherChangeStartsTheQuietTimeAnew() {
    settling.settles("b", T);
    assertThat(settling.settles("c", T.plusMillis(90))).isFalse();
    assertThat(settling.settles("c", T.plusMillis(150))).isFalse();
    assertThat(settling.settles("c", T.plusMillis(190))).isTrue();
  }

  @Test
  void aChangeThatIsTakenBackIsNone() {
    settling.settles("b", T);
    assertThat(settling.settles("a", T.plusMillis(50))).isFalse();
    assertThat(settling.unsettled()).isFalse();
    assertThat(settling.settles("a", T.plusMillis(500))).isFalse();
  }
}
