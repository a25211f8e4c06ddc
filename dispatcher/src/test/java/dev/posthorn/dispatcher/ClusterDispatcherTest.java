package dev.posthorn.dispatcher;

import static dev.posthorn.core.config.ConfigObject.ENDPOINT;
import static dev.posthorn.core.config.ConfigObject.KEYS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.posthorn.core.config.DispatcherSettings.StaleConfig;
import dev.posthorn.core.config.EndpointConfig;
import dev.posthorn.core.config.KeysConfig;
import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.keyring.KeyTimes;
import dev.posthorn.core.keyring.Keyring;
import dev.posthorn.dispatcher.snapshot.ConfigWatch;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole dispatcher that follows the config objects of an API server. */
class ClusterDispatcherTest {
  private static final Instant PAST = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir private Path data;
  private Cluster cluster;

  @BeforeEach
  void start() throws Exception {
    cluster = new Cluster();
  }

  @AfterEach
  void stop() throws Exception {
    cluster.close();
  }

  private static KeysConfig keys(long revision) {
    Keyring one =
        RunningDispatcher.keyring(
            RunningDispatcher.version(1, RunningDispatcher.SECRET, new KeyTimes(PAST, null, null)));
    var keyring = new Keyring("ring", revision, PAST, one.algorithm(), one.versions(), List.of());
    return new KeysConfig(RunningDispatcher.KEYS, keyring, KeysConfig.Cutover.AT_OVERLAP_END);
  }

  private long write(EndpointConfig endpoint) {
    return cluster.write(ENDPOINT, endpoint.name(), endpoint);
  }

  private long writeKeys(long revision) {
    return cluster.write(KEYS, RunningDispatcher.KEYS, keys(revision));
  }

  private void publish() throws Exception {
    String event = "{\"tenant\":\"acme\",\"type\":\"order.created\",\"data\":{\"amount\":1}}";
    assertThat(cluster.post("/v1/events", event).statusCode()).isEqualTo(202);
  }

  private boolean ready() throws Exception {
    return cluster.management("/readyz", null).statusCode() == 200;
  }

  private JsonNode config() throws Exception {
    return new ObjectMapper().readTree(cluster.internal("/internal/config"));
  }

  private long watched() throws Exception {
    return config().path("watchedResourceVersion").asLong(-1);
  }

  private JsonNode endpoints(String cursor) throws Exception {
    String query = cursor.isEmpty() ? "" : "?since=" + cursor;
    return new ObjectMapper().readTree(cluster.internal("/internal/endpoints" + query));
  }

  @Test
  void isReadyOnlyOnceItHasItsSettings() throws Exception {
    cluster.start(data);
    writeKeys(1);
    assertThat(cluster.management("/readyz", null).body()).contains("config");
    cluster.settings(StaleConfig.DEFAULT);
    await().until(this::ready);
  }

  @Test
  void deliversSignedWhatTheConfigObjectsDeclare() throws Exception {
    try (var receiver = Receiver.start(_ -> 204)) {
      cluster.settings(StaleConfig.DEFAULT);
      writeKeys(1);
      write(RunningDispatcher.endpoint(receiver.url(), "*", null));
      cluster.start(data);
      await().until(this::ready);
      publish();
      await().until(() -> receiver.requests().size() == 1);
      assertThat(receiver.requests().getFirst().header("webhook-signature")).startsWith("v1,");
    }
  }

  @Test
  void saysHowFarItHasComeOnceThatIsInEffect() throws Exception {
    cluster.settings(StaleConfig.DEFAULT);
    cluster.start(data);
    await().until(this::ready);
    long written = write(RunningDispatcher.endpoint("https://a.example", "*", null));
    await().until(() -> watched() >= written);
    assertThat(cluster.post("/v1/events", "{}").statusCode()).isEqualTo(422);
    await().until(() -> config().path("live").asBoolean());
    assertThat(config().path("ageSeconds").asLong()).isZero();
    assertThat(config().path("denials").isEmpty()).isTrue();
  }

  @Test
  void holdsAnEndpointWhoseKeysAreAbsentAndSendsWhenTheyCome() throws Exception {
    try (var receiver = Receiver.start(_ -> 204)) {
      cluster.settings(StaleConfig.DEFAULT);
      write(RunningDispatcher.endpoint(receiver.url(), "*", null));
      cluster.start(data);
      await().until(this::ready);
      publish();
      await().until(() -> state().equals("Paused"));
      assertThat(cluster.dispatcher().balance().waiting()).isEqualTo(1);
      assertThat(receiver.requests()).isEmpty();
      writeKeys(1);
      await().until(() -> receiver.requests().size() == 1);
      assertThat(receiver.requests().getFirst().header("webhook-signature")).startsWith("v1,");
    }
  }

  private String state() throws Exception {
    return endpoints("").at("/endpoints/0/state").asText();
  }

  @Test
  void holdsAnEndpointWhoseSchemeHasNotComeYet() throws Exception {
    try (var receiver = Receiver.start(_ -> 204)) {
      cluster.settings(StaleConfig.DEFAULT);
      writeKeys(1);
      write(
          RunningDispatcher.signedBy(
              receiver.url(), new EndpointConfig.Signature("own.example", RunningDispatcher.KEYS)));
      cluster.start(data);
      await().until(this::ready);
      publish();
      await().until(() -> state().equals("Paused"));
      assertThat(receiver.requests()).isEmpty();
      assertThat(cluster.dispatcher().balance().waiting()).isEqualTo(1);
    }
  }

  @Test
  void keepsTheHigherRevisionAndReportsTheLower() throws Exception {
    cluster.settings(StaleConfig.DEFAULT);
    writeKeys(7);
    cluster.start(data);
    await().until(this::ready);
    long back = writeKeys(6);
    await().until(() -> watched() >= back);
    JsonNode rejected = config().path("rejected");
    assertThat(rejected).hasSize(1);
    assertThat(rejected.at("/0/object").asText())
        .isEqualTo(KEYS.secretName(RunningDispatcher.KEYS));
    assertThat(rejected.at("/0/error").asText()).contains("lower revision");
  }

  @Test
  void oneDamagedObjectKeepsNothingElseFromWorking() throws Exception {
    try (var receiver = Receiver.start(_ -> 204)) {
      cluster.settings(StaleConfig.DEFAULT);
      writeKeys(1);
      EndpointConfig endpoint = RunningDispatcher.endpoint(receiver.url(), "*", null);
      write(endpoint);
      cluster.start(data);
      await().until(this::ready);
      cluster.write(
          ENDPOINT,
          new ResourceName("acme", "broken"),
          "{damaged".getBytes(StandardCharsets.UTF_8));
      long damaged =
          cluster.write(ENDPOINT, endpoint.name(), "{}".getBytes(StandardCharsets.UTF_8));
      await().until(() -> watched() >= damaged);
      assertThat(config().path("rejected")).hasSize(2);
      publish();
      await().until(() -> receiver.requests().size() == 1);
    }
  }

  @Test
  void stopsSendingToAnEndpointThatIsGone() throws Exception {
    try (var receiver = Receiver.start(_ -> 204)) {
      cluster.settings(StaleConfig.DEFAULT);
      writeKeys(1);
      EndpointConfig endpoint = RunningDispatcher.endpoint(receiver.url(), "*", null);
      write(endpoint);
      cluster.start(data);
      await().until(this::ready);
      publish();
      await().until(() -> state().equals("Healthy"));
      cluster.delete(ENDPOINT, endpoint.name());
      await().until(() -> endpoints("").path("endpoints").isEmpty());
      long accepted = cluster.dispatcher().balance().accepted();
      publish();
      assertThat(cluster.dispatcher().balance().accepted()).isEqualTo(accepted);
    }
  }

  @Test
  void onlyTheOperatorsTokenOpensTheInternalCalls() throws Exception {
    cluster.start(data);
    assertThat(cluster.management("/internal/config", Cluster.OPERATOR).statusCode())
        .isEqualTo(401);
    cluster.settings(StaleConfig.DEFAULT);
    await().until(this::ready);
    assertThat(cluster.management("/internal/config", Cluster.OPERATOR).statusCode())
        .isEqualTo(200);
    for (String path : List.of("/internal/config", "/internal/endpoints")) {
      assertThat(cluster.management(path, "another").statusCode()).isEqualTo(401);
      assertThat(cluster.management(path, null).statusCode()).isEqualTo(401);
    }
    assertThat(cluster.management("/metrics", null).body()).doesNotContain(Cluster.OPERATOR);
  }

  @Test
  void tellsEachChangeOfAnEndpointOnce() throws Exception {
    try (var receiver = Receiver.start(_ -> 204)) {
      cluster.settings(StaleConfig.DEFAULT);
      writeKeys(1);
      EndpointConfig endpoint = RunningDispatcher.endpoint(receiver.url(), "*", null);
      write(endpoint);
      cluster.start(data);
      await().until(this::ready);
      assertThat(endpoints("").path("endpoints")).as("nothing is known yet").isEmpty();
      publish();
      await().until(() -> state().equals("Healthy"));
      String cursor = endpoints("").path("cursor").asText();
      assertThat(endpoints(cursor).path("endpoints")).isEmpty();
      write(endpoint.withSuspended(true));
      await().until(() -> endpoints(cursor).path("endpoints").size() == 1);
      JsonNode told = endpoints(cursor).at("/endpoints/0");
      assertThat(told.path("namespace").asText()).isEqualTo("acme");
      assertThat(told.path("name").asText()).isEqualTo("orders");
      assertThat(told.path("state").asText()).isEqualTo("Suspended");
      assertThat(told.path("nextStep").asText()).contains("spec.suspend");
      assertThat(told.path("deadLettersAtLeast").asLong(-1)).isZero();
      assertThat(Instant.parse(told.path("since").asText())).isAfter(PAST);
      assertThat(endpoints("of-another-process").path("endpoints")).hasSize(1);
    }
  }

  @Test
  void holdsSendingWhileRevocationsMayBeMissedAndGoesOnAfterwards() throws Exception {
    try (var receiver = Receiver.start(_ -> 204)) {
      cluster.settings(new StaleConfig(StaleConfig.Mode.HOLD, 300));
      writeKeys(1);
      write(RunningDispatcher.endpoint(receiver.url(), "*", null));
      cluster.start(data);
      await().until(() -> ready() && config().path("live").asBoolean());
      publish();
      await().until(() -> receiver.requests().size() == 1);
      cluster.cut();
      await().until(() -> !config().path("live").asBoolean());
      cluster.advance(Duration.ofSeconds(290));
      publish();
      await().until(() -> receiver.requests().size() == 2);
      assertThat(age()).isGreaterThan(280);
      cluster.advance(Duration.ofSeconds(20));
      await().until(() -> endpoints("").at("/endpoints/0/state").asText().equals("Paused"));
      assertThat(endpoints("").at("/endpoints/0/nextStep").asText()).contains("API server");
      publish();
      await().until(() -> endpoints("").at("/endpoints/0/nextStep").asText().contains("1 del"));
      assertThat(receiver.requests()).hasSize(2);
      assertThat(ready()).isTrue();
      cluster.mend();
      await().until(() -> receiver.requests().size() == 3);
      assertThat(config().path("live").asBoolean()).isTrue();
      await().until(() -> age() == 0);
    }
  }

  private double age() throws Exception {
    return cluster
        .management("/metrics", null)
        .body()
        .lines()
        .filter(line -> line.startsWith("posthorn_config_age_seconds "))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' ') + 1)))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void seesAfterAnOutageWhatWasWrittenMeanwhile() throws Exception {
    cluster.settings(StaleConfig.DEFAULT);
    EndpointConfig endpoint = RunningDispatcher.endpoint("https://a.example", "*", null);
    cluster.start(data);
    await().until(() -> ready() && config().path("live").asBoolean());
    cluster.cut();
    await().until(() -> !config().path("live").asBoolean());
    long written = write(endpoint.withSuspended(true));
    cluster.mend();
    await().until(() -> watched() >= written);
    assertThat(state()).isEqualTo("Suspended");
  }

  @Test
  void aRevocationHoldsAtOnceAndTheOperatorReadsOfIt() throws Exception {
    cluster.settings(StaleConfig.DEFAULT);
    writeKeys(1);
    write(RunningDispatcher.endpoint("https://a.example", "*", null));
    cluster.start(data);
    await().until(this::ready);
    String path = "/v1/tenants/acme/keys/orders-key/";
    assertThat(cluster.post(path + "revoke", "{\"keyId\":\"k_000001\"}").statusCode())
        .isEqualTo(200);
    JsonNode denial = config().at("/denials/0");
    assertThat(denial.path("keyringId").asText()).isEqualTo("ring");
    assertThat(denial.path("keyId").asText()).isEqualTo("k_000001");
    assertThat(Instant.parse(denial.path("time").asText())).isAfter(PAST);
    assertThat(state()).isEqualTo("Paused");
  }

  @Test
  void otherWishesAboutKeysNameThePatchToWrite() throws Exception {
    cluster.settings(StaleConfig.DEFAULT);
    writeKeys(1);
    cluster.start(data);
    await().until(this::ready);
    String path = "/v1/tenants/acme/keys/orders-key/";
    var rotate = cluster.post(path + "rotate", "{}");
    assertThat(rotate.statusCode()).isEqualTo(503);
    assertThat(rotate.body())
        .contains("kubectl -n acme patch signingsecret orders-key", "rotateAfter");
    assertThat(cluster.post(path + "acknowledge", "{\"keyId\":\"k_000001\"}").body())
        .contains("acknowledgedKeyId");
  }

  @Test
  void manyObjectsAtOnceAreFewConfigurations() throws Exception {
    cluster.settings(StaleConfig.DEFAULT);
    writeMany(0, 200);
    var sizes = new CopyOnWriteArrayList<Integer>();
    try (ConfigWatch watch = cluster.watch(all -> sizes.add(all.endpoints().size()))) {
      watch.start();
      await().until(() -> !sizes.isEmpty());
      assertThat(sizes).as("after the first full list").containsExactly(200);
      writeMany(200, 500);
      await().until(() -> sizes.getLast() == 500);
      assertThat(sizes).hasSizeLessThan(150);
      assertThat(sizes).isSorted();
    }
  }

  private void writeMany(int from, int to) {
    for (int i = from; i < to; i++) {
      write(RunningDispatcher.endpoint("e" + i, "https://a.example", "*", null));
    }
  }
}
