package dev.posthorn.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConfigObjectTest {
  private static final ResourceName ORDERS = new ResourceName("acme", "orders");

  /** {@code printf acme/orders | sha256sum}. */
  @Test
  void theNameIsTheKindAndTwentyDigitsOfTheHashOfNamespaceAndName() {
    assertThat(ConfigObject.ENDPOINT.secretName(ORDERS)).isEqualTo("endpoint-874229ea429d8df33fbf");
    assertThat(ConfigObject.KEYS.secretName(ORDERS)).isEqualTo("keys-874229ea429d8df33fbf");
  }

  @Test
  void settingsAreCalledAfterTheirDispatcher() {
    assertThat(ConfigObject.SETTINGS.secretName(new ResourceName("posthorn-system", "default")))
        .isEqualTo("default-settings");
  }

  @Test
  void everyKindIsFoundByItsLabel() {
    assertThat(ConfigObject.values())
        .allSatisfy(kind -> assertThat(ConfigObject.of(kind.word())).contains(kind));
    assertThat(ConfigObject.of("other")).isEmpty();
  }
}
