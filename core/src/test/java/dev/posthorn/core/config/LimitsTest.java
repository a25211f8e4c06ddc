package dev.posthorn.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class LimitsTest {
  @Test
  void tenantWithoutAnEntryHasTheDefault() {
    var named = new Limits.Tenant(9, 9, 9, 9L);
    var limits = new Limits(1, 1, Limits.Tenant.DEFAULT, Map.of("acme", named));
    assertThat(limits.of("acme")).isEqualTo(named);
    assertThat(limits.of("other")).isEqualTo(Limits.Tenant.DEFAULT);
  }
}
