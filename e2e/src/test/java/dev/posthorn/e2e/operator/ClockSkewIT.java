package dev.posthorn.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.core.keyring.KeyringRecovery.Bootstrap;
import dev.posthorn.crds.SigningSecretStatus;
import dev.posthorn.operator.OperatorOptions;
import dev.posthorn.operator.PosthornOperator;
import dev.posthorn.operator.cluster.ServerClock;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.okhttp.OkHttpClientFactory;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** An operator whose clock is not the API server's gives no key a time, and says why. */
class ClockSkewIT {
  private static Installed cluster;

  @BeforeAll
  static void takeTheOperatorsPlace() throws Exception {
    cluster = Installed.get();
    cluster.scaleOperator(0);
  }

  @AfterAll
  static void giveItBack() {
    cluster.scaleOperator(1);
  }

  @Test
  void keysWaitForTheClockAndRevocationsDoNot() {
    String tenant = cluster.tenant("skew");
    cluster.apply(Manifest.signingSecret(tenant, "orders", ""));
    try (Running _ = Running.with(Duration.ofMinutes(5))) {
      cluster.eventually(
          "no first key is made",
          () -> message(tenant, "Ready", "KeyringMissing").contains("the API server says"));
      assertThat(message(tenant, "RotationAccepted", "ClockSkew")).contains("set the clock right");
      assertThat(cluster.client().secrets().inNamespace(tenant).withName("orders-keyring").get())
          .isNull();
    }
    try (Running _ = Running.with(Duration.ZERO)) {
      cluster.eventually("a first key", () -> status(tenant).versions().size() == 1);
    }
    try (Running _ = Running.with(Duration.ofMinutes(-2))) {
      cluster.apply(
          Manifest.signingSecret(
              tenant, "orders", "rotation: {rotateAfter: \"%s\"}".formatted(Instant.now())));
      cluster.eventually(
          "the rotation waits", () -> !message(tenant, "RotationAccepted", "ClockSkew").isEmpty());
      assertThat(status(tenant).versions()).hasSize(1);

      String key = status(tenant).versions().getFirst().keyId();
      cluster.apply(
          Manifest.signingSecret(tenant, "orders", "revocation: {keyIds: [%s]}".formatted(key)));
      cluster.eventually(
          "the revocation does not",
          () -> status(tenant).versions().getFirst().state().equals("Revoked"));
    }
  }

  private static SigningSecretStatus status(String tenant) {
    return cluster.signingSecret(tenant, "orders").getStatus();
  }

  /** The message of a condition that is False for this reason; empty where it is not. */
  private static String message(String tenant, String type, String reason) {
    return cluster
        .condition(status(tenant).conditions(), type)
        .filter(each -> each.status().equals("False") && each.reason().equals(reason))
        .map(each -> each.message())
        .orElse("");
  }

  /** An operator in this process, whose clock is ahead. */
  private record Running(KubernetesClient client, PosthornOperator operator)
      implements AutoCloseable {
    static Running with(Duration ahead) {
      InstantSource clock = () -> Instant.now().plus(ahead);
      var serverClock = new ServerClock(clock);
      KubernetesClient client =
          new KubernetesClientBuilder()
              .withHttpClientFactory(new OkHttpClientFactory())
              .withHttpClientBuilderConsumer(
                  http -> http.addOrReplaceInterceptor("server-clock", serverClock))
              .withConfig(cluster.client().getConfiguration())
              .build();
      var options =
          new OperatorOptions(
              Installed.SYSTEM,
              "skewed",
              Installed.IMAGE,
              Bootstrap.GENERATE,
              OperatorOptions.THREADS);
      return new Running(
          client,
          PosthornOperator.start(options, client, serverClock, new SimpleMeterRegistry(), clock));
    }

    @Override
    public void close() {
      operator.close();
      client.close();
    }
  }
}
