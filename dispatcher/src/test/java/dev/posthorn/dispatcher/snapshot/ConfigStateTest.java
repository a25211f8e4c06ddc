package dev.posthorn.dispatcher.snapshot;

import static dev.posthorn.core.config.ConfigObject.ENDPOINT;
import static dev.posthorn.core.config.ConfigObject.KEYS;
import static dev.posthorn.core.config.ConfigObject.SETTINGS;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.core.config.ConfigJson;
import dev.posthorn.core.config.ConfigObject;
import dev.posthorn.core.config.DispatcherSettings;
import dev.posthorn.core.config.EndpointConfig;
import dev.posthorn.core.config.KeysConfig;
import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.config.Retry;
import dev.posthorn.core.config.Target;
import dev.posthorn.core.config.Tls;
import dev.posthorn.core.event.BodyFormat;
import dev.posthorn.core.expression.Expressions;
import dev.posthorn.core.keyring.Keyring;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ConfigStateTest {
  private static final String CANARY = "canary-7f3a9c";
  private static final ResourceName ACME = new ResourceName("acme", "orders");
  private static final ConfigReader READER =
      new ConfigReader(new Expressions(System::nanoTime), "default");

  private static ConfigSecret secret(
      ConfigObject kind, ResourceName name, int version, byte[] json) {
    return new ConfigSecret(
        kind.secretName(name),
        Integer.toString(version),
        ConfigObject.TYPE,
        kind.word(),
        Map.of(ConfigObject.ENTRY, Base64.getEncoder().encodeToString(json)));
  }

  private static ConfigSecret settings(int version) {
    return secret(
        SETTINGS,
        new ResourceName("system", "default"),
        version,
        ConfigJson.write(DispatcherSettings.DEFAULT));
  }

  private static ConfigSecret endpoint(int version, String url) {
    return secret(ENDPOINT, ACME, version, ConfigJson.write(config(ACME, url, null)));
  }

  private static EndpointConfig config(ResourceName name, String url, @Nullable String filter) {
    return new EndpointConfig(
        name,
        name.namespace(),
        new Target(url, false),
        false,
        new EndpointConfig.Events(List.of("*"), filter),
        new EndpointConfig.Body(BodyFormat.ENVELOPE, null),
        List.of(new EndpointConfig.Signature("standard-webhooks", ACME)),
        List.of(),
        new EndpointConfig.Delivery(15, 10, EndpointConfig.Ordering.NONE, null),
        new Retry(List.of(1L), 60),
        new EndpointConfig.AutoDisable(null, null),
        Tls.DEFAULT);
  }

  private static ConfigSecret keys(int version, long revision) {
    var keyring = new Keyring("ring", revision, Instant.EPOCH, "HmacSha256", List.of(), List.of());
    return secret(
        KEYS,
        ACME,
        version,
        ConfigJson.write(new KeysConfig(ACME, keyring, KeysConfig.Cutover.AT_OVERLAP_END)));
  }

  private static ConfigState after(List<ConfigSecret> first, List<ConfigSecret> second) {
    return ConfigState.EMPTY.with(first, READER).with(second, READER);
  }

  @Test
  void thereIsNoConfigurationBeforeTheSettings() {
    ConfigState state = ConfigState.EMPTY.with(List.of(endpoint(1, "https://a.example")), READER);
    assertThat(state.configuration()).isEmpty();
    assertThat(
            state
                .with(List.of(endpoint(1, "https://a.example"), settings(2)), READER)
                .configuration())
        .hasValueSatisfying(all -> assertThat(all.endpoints()).containsOnlyKeys(ACME));
  }

  @Test
  void theSettingsStayWhenTheirObjectGoes() {
    assertThat(after(List.of(settings(1)), List.of()).configuration()).isPresent();
  }

  @Test
  void anObjectThatIsGoneIsOutOfTheConfiguration() {
    ConfigState state =
        after(List.of(settings(1), endpoint(2, "https://a.example")), List.of(settings(1)));
    assertThat(state.configuration().orElseThrow().endpoints()).isEmpty();
  }

  @Test
  void theLastGoodStateStaysWhenAnObjectIsDamaged() {
    byte[] damaged = ("{\"name\": \"" + CANARY).getBytes(UTF_8);
    ConfigState state =
        after(
            List.of(settings(1), endpoint(2, "https://a.example")),
            List.of(settings(1), secret(ENDPOINT, ACME, 3, damaged)));
    assertThat(state.configuration().orElseThrow().endpoints())
        .hasEntrySatisfying(
            ACME, kept -> assertThat(kept.target().url()).isEqualTo("https://a.example"));
    assertThat(state.rejected()).hasSize(1);
    assertThat(state.rejected().getFirst().object()).isEqualTo(ENDPOINT.secretName(ACME));
    assertThat(state.rejected().toString()).doesNotContain(CANARY);
  }

  @Test
  void aMendedObjectIsNotRejectedAnyMore() {
    ConfigState state =
        after(
            List.of(settings(1), secret(ENDPOINT, ACME, 2, new byte[0])),
            List.of(settings(1), endpoint(3, "https://b.example")));
    assertThat(state.rejected()).isEmpty();
    assertThat(state.configuration().orElseThrow().endpoints()).containsKey(ACME);
  }

  @Test
  void aPausedLeaderCannotTakeAKeyringBack() {
    ConfigState state = after(List.of(settings(1), keys(2, 7)), List.of(settings(1), keys(3, 6)));
    assertThat(state.configuration().orElseThrow().keys())
        .hasEntrySatisfying(ACME, kept -> assertThat(kept.keyring().revision()).isEqualTo(7));
    assertThat(state.rejected())
        .extracting(ConfigState.Rejection::error)
        .asString()
        .contains("lower revision");
    assertThat(state.with(List.of(settings(1), keys(4, 8)), READER).rejected()).isEmpty();
  }

  @Test
  void noDeletionMakesAKeyringForgetItsRevision() {
    ConfigState state =
        after(List.of(settings(1), keys(2, 7)), List.of(settings(1)))
            .with(List.of(settings(1), keys(4, 6)), READER);
    assertThat(state.configuration().orElseThrow().keys()).isEmpty();
    assertThat(state.rejected()).hasSize(1);
  }

  @Test
  void aConfigUnderAnotherNameIsRefused() {
    ConfigSecret misplaced =
        secret(
            ENDPOINT,
            new ResourceName("acme", "other"),
            2,
            ConfigJson.write(config(ACME, "https://a.example", null)));
    ConfigState state = ConfigState.EMPTY.with(List.of(settings(1), misplaced), READER);
    assertThat(state.configuration().orElseThrow().endpoints()).isEmpty();
    assertThat(state.rejected().getFirst().error()).contains("another name");
  }

  @Test
  void settingsOfAnotherDispatcherAreRefused() {
    ConfigSecret other =
        secret(
            SETTINGS,
            new ResourceName("system", "second"),
            1,
            ConfigJson.write(DispatcherSettings.DEFAULT));
    assertThat(ConfigState.EMPTY.with(List.of(other), READER).configuration()).isEmpty();
  }

  @Test
  void whatIsMissingIsNamed() {
    String whole = new String(ConfigJson.write(config(ACME, "https://a.example", null)), UTF_8);
    String less = whole.replaceAll(",\"retry\":\\{[^}]*}", "");
    assertThat(less).isNotEqualTo(whole);
    ConfigState state =
        ConfigState.EMPTY.with(List.of(secret(ENDPOINT, ACME, 1, less.getBytes(UTF_8))), READER);
    assertThat(state.rejected().getFirst().error()).isEqualTo("the config lacks retry");
  }

  @Test
  void anExpressionThatDoesNotCompileHereIsRefusedWithoutAQuotation() {
    EndpointConfig bad = config(ACME, "https://a.example", "event.data. == '" + CANARY + "'");
    ConfigState state =
        ConfigState.EMPTY.with(
            List.of(settings(1), secret(ENDPOINT, ACME, 2, ConfigJson.write(bad))), READER);
    assertThat(state.rejected().getFirst().error())
        .contains("events.filter")
        .doesNotContain(CANARY);
  }

  @Test
  void aSecretOfAnotherTypeOrKindIsRefused() {
    ConfigSecret good = settings(1);
    var type = new ConfigSecret(good.name(), "1", "Opaque", good.word(), good.data());
    var kind = new ConfigSecret("x", "1", ConfigObject.TYPE, "novelty", good.data());
    assertThat(ConfigState.EMPTY.with(List.of(type, kind), READER).rejected()).hasSize(2);
  }

  @Test
  void nothingShowsTheContentOfASecret() {
    assertThat(endpoint(1, "https://" + CANARY + ".example").toString()).doesNotContain(CANARY);
    String read = READER.read(endpoint(1, "https://" + CANARY + ".example")).toString();
    assertThat(read).isEqualTo("Read[ENDPOINT]");
  }
}
