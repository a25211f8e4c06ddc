package dev.posthorn.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.config.StreamConfig;
import dev.posthorn.operator.workload.Installation;
import java.util.List;
import org.junit.jupiter.api.Test;

class DispatcherHomeTest {
  @Test
  void onlyThePlatformsBrokersAreOpened() {
    assertThat(
            DispatcherHome.brokers(
                List.of(
                    stream("hooks", "orders", false, "redis.data:6379"),
                    stream("acme", "theirs", true, "10.0.0.1:6379"))))
        .containsExactly(new Installation.Address("redis.data", 6379));
  }

  @Test
  void oneServerOfManyStreamsIsOpenedOnce() {
    assertThat(
            DispatcherHome.brokers(
                List.of(
                    stream("hooks", "b", false, "redis:6379"),
                    stream("hooks", "c", false, "[fd00::1]:6380"),
                    stream("hooks", "a", false, "redis:6379"))))
        .containsExactlyInAnyOrder(
            new Installation.Address("fd00::1", 6380), new Installation.Address("redis", 6379));
  }

  private static StreamConfig stream(
      String namespace, String name, boolean guarded, String address) {
    return new StreamConfig(
        new ResourceName(namespace, name),
        false,
        null,
        guarded,
        new StreamConfig.Redis(address, false, null, "orders", "group", StreamConfig.StartFrom.END),
        StreamConfig.Format.JSON,
        null,
        null);
  }
}
