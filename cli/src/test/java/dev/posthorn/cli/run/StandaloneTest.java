package dev.posthorn.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.posthorn.cli.terminal.Refusal;
import dev.posthorn.core.config.Configuration;
import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.resolve.Finding;
import dev.posthorn.core.resolve.ResolveOptions;
import dev.posthorn.dispatcher.StoreOptions;
import dev.posthorn.dispatcher.http.Listen;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A directory with the real dispatcher on free ports. */
@Timeout(60)
final class StandaloneTest {
  private static final ResourceName ORDERS = new ResourceName("acme", "orders");
  private static final Listen FREE = new Listen("127.0.0.1", 0);

  @TempDir private Path dir;
  private final Told told = new Told();

  private static final class Told implements RunListener {
    final List<Finding> findings = new CopyOnWriteArrayList<>();
    final BlockingQueue<String> kept = new LinkedBlockingQueue<>();
    final BlockingQueue<Configuration> applied = new LinkedBlockingQueue<>();

    @Override
    public void found(List<Finding> fresh) {
      findings.addAll(fresh);
    }

    @Override
    public void kept(String why) {
      kept.add(why);
    }

    @Override
    public void applied(Configuration before, Configuration now) {
      applied.add(now);
    }
  }

  @BeforeEach
  void declare() throws IOException {
    Files.createDirectories(dir.resolve("manifests"));
    write("orders.yaml", endpoint("orders", "spec", "order.*"));
  }

  @Test
  void aChangedFileIsLiveAndABadOneLeavesTheLastGoodState() throws Exception {
    try (var running = start()) {
      assertThat(running.configuration().endpoints()).containsKey(ORDERS);

      write("more.yaml", endpoint("more", "spec", "x.*"));
      assertThat(next(told.applied).endpoints()).hasSize(2);

      write("more.yaml", "kind: [");
      assertThat(next(told.kept)).contains("the last good state stays");
      assertThat(told.findings).isNotEmpty();

      write("more.yaml", endpoint("other", "spec", "x.*"));
      assertThat(next(told.applied).endpoints())
          .containsOnlyKeys(ORDERS, new ResourceName("acme", "other"));
    }
  }

  @Test
  void theLastGoodStateSurvivesARestartWithABadDirectory() throws Exception {
    start().close();
    write("orders.yaml", endpoint("orders", "spce", "order.*"));

    try (var again = start()) {
      assertThat(again.configuration().endpoints()).containsKey(ORDERS);
    }
    assertThat(told.kept).isNotEmpty();
  }

  @Test
  void aFirstStartWithErrorsIsRefused() throws Exception {
    write("orders.yaml", endpoint("orders", "spce", "order.*"));

    assertThatThrownBy(this::start)
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("no last good state");
    assertThat(told.findings.getFirst().toString()).contains("orders.yaml:");
  }

  @Test
  void keyringsAreStoredForTheirOwnerOnlyAndStayTheSameOverARestart() throws Exception {
    start().close();
    Path file = dir.resolve("data/keyrings/acme.orders.json");
    byte[] before = Files.readAllBytes(file);

    start().close();

    assertThat(Files.readAllBytes(file)).isEqualTo(before);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(dir.resolve("data/last-good.json"))))
        .isEqualTo("rw-------");
  }

  @ParameterizedTest
  @ValueSource(strings = {"deleted", "altered"})
  void aKeyringThatSomebodyTouchedIsHealedFromTheKeysInUse(String what) throws Exception {
    start().close();
    Path file = dir.resolve("data/keyrings/acme.orders.json");
    String before = Files.readString(file);
    touch(file, what);

    start().close();

    assertThat(Files.readString(file)).isEqualTo(before);
    try (var running = start()) {
      touch(file, what);
      write("more.yaml", endpoint("more", "spec", "x.*"));
      next(told.applied);
      assertThat(Files.readString(file)).isEqualTo(before);
      assertThat(running.failure()).isNotDone();
    }
  }

  private static void touch(Path file, String what) throws IOException {
    if (what.equals("deleted")) {
      Files.delete(file);
    } else {
      Files.writeString(file, Files.readString(file).replace("k_", "k_0"));
    }
  }

  @Test
  void anAlteredKeyringWithoutACopyIsNamedAndNeverReplacedByNewKeys() throws Exception {
    start().close();
    Path file = dir.resolve("data/keyrings/acme.orders.json");
    touch(file, "altered");
    Files.delete(dir.resolve("data/last-good.json"));
    String altered = Files.readString(file);

    assertThatThrownBy(this::start).hasMessageContaining("no last good state");

    assertThat(told.findings)
        .anySatisfy(finding ->
            assertThat(finding.toString())
                .contains("orders.yaml:1", "SigningSecret/orders", "acme.orders.json")
                .contains("restore it from a backup"));
    assertThat(Files.readString(file)).isEqualTo(altered);
  }

  @Test
  void aPortThatIsTakenIsNamedAndTheDataIsFreeAgain() throws Exception {
    try (var first = start()) {
      assertThatThrownBy(() -> start(dir.resolve("other"), first.api()))
          .isInstanceOf(Refusal.class)
          .hasMessageContaining(Integer.toString(first.api().port()));
    }
    start(dir.resolve("other"), FREE).close();
  }

  @Test
  void aDirectoryThatIsNotThereIsRefusedAndLeavesNoData() {
    assertThatThrownBy(() ->
            Standalone.start(
                options(dir.resolve("gone"), dir.resolve("data"), FREE), told, Clock.systemUTC()))
        .hasMessageContaining("does not exist");
    assertThat(dir.resolve("data")).doesNotExist();
  }

  private Standalone start() {
    return start(dir.resolve("data"), FREE);
  }

  private Standalone start(Path data, Listen api) {
    return Standalone.start(options(dir.resolve("manifests"), data, api), told, Clock.systemUTC());
  }

  private static StandaloneOptions options(Path manifests, Path data, Listen api) {
    return new StandaloneOptions(
        manifests,
        data,
        StoreOptions.embedded(),
        api,
        FREE,
        ResolveOptions.DEFAULT,
        null,
        "test",
        Duration.ofSeconds(2));
  }

  private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
    @Nullable T next = queue.poll(30, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("nothing happened within 30 s");
    }
    return next;
  }

  private void write(String name, String yaml) throws IOException {
    Files.writeString(dir.resolve("manifests").resolve(name), yaml);
  }

  private static String endpoint(String name, String spec, String types) {
    return """
    apiVersion: posthorn.dev/v1alpha1
    kind: SigningSecret
    metadata: {name: %1$s, namespace: acme}
    spec: {}
    ---
    apiVersion: posthorn.dev/v1alpha1
    kind: WebhookEndpoint
    metadata: {name: %1$s, namespace: acme}
    %2$s:
      url: https://example.com/%1$s
      events: {types: ["%3$s"]}
      signatures:
        - {scheme: standard-webhooks, signingSecretRef: {name: %1$s}}
    """
        .formatted(name, spec, types);
  }
}
