package dev.posthorn.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.config.StreamConfig;
import dev.posthorn.operator.workload.Installation;
import java.util.List;
import org.junit.jupiter.api.Test;

class DispatcherHomeTest {
  private static final String OWN = "hooks";

  @Test
  void onlyBrokersOfTheDispatchersOwnNamespaceAreOpened() {
    assertThat(
            DispatcherHome.brokers(
                List.of(
                    stream(OWN, "orders", "redis.data:6379"),
                    stream("acme", "theirs", "10.0.0.1:6379"),
                    stream("hooks-acme", "theirs", "10.0.0.2:6379")),
                OWN))
        .containsExactly(new Installation.Address("redis.data", 6379));
  }

  @Test
  void aTenantThatNamesTheSameServerChangesNothing() {
    assertThat(
            DispatcherHome.brokers(
                List.of(stream("acme", "orders", "redis:6379"), stream(OWN, "own", "redis:6379")),
                OWN))
        .containsExactly(new Installation.Address("redis", 6379));
  }

  @Test
  void oneServerOfManyStreamsIsOpenedOnce() {
    assertThat(
            DispatcherHome.brokers(
                List.of(
                    stream(OWN, "b", "redis:6379"),
                    stream(OWN, "c", "[fd00::1]:6380"),
                    stream(OWN, "a", "redis:6379")),
                OWN))
        .containsExactly(
            new Installation.Address("fd00::1", 6380), new Installation.Address("redis", 6379));
  }

  /** Its flag says nothing here: an older operator may have written the config object. */
  private static StreamConfig stream(String namespace, String name, String address) {
    return new StreamConfig(
        new ResourceName(namespace, name),
        false,
        null,
        false,
        new StreamConfig.Redis(address, false, null, "orders", "group", StreamConfig.StartFrom.END),
        StreamConfig.Format.JSON,
        null,
        null);
  }
}
