package dev.posthorn.core.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.core.config.EndpointConfig.AutoDisable;
import dev.posthorn.core.config.EndpointConfig.Body;
import dev.posthorn.core.config.EndpointConfig.Delivery;
import dev.posthorn.core.config.EndpointConfig.Events;
import dev.posthorn.core.config.EndpointConfig.Header;
import dev.posthorn.core.config.EndpointConfig.Ordering;
import dev.posthorn.core.config.EndpointConfig.Rate;
import dev.posthorn.core.config.EndpointConfig.Signature;
import dev.posthorn.core.egress.AllowedCidr;
import dev.posthorn.core.egress.AllowedHost;
import dev.posthorn.core.egress.Cidr;
import dev.posthorn.core.egress.EgressPolicy;
import dev.posthorn.core.event.BodyFormat;
import dev.posthorn.core.keyring.KeyMaterial;
import dev.posthorn.core.keyring.KeyTimes;
import dev.posthorn.core.keyring.KeyVersion;
import dev.posthorn.core.keyring.Keyring;
import dev.posthorn.crds.SignatureSchemeSpec;
import dev.posthorn.crds.SignatureSchemeSpec.Algorithm;
import dev.posthorn.crds.SignatureSchemeSpec.KeyEncoding;
import dev.posthorn.crds.SignatureSchemeSpec.Keys;
import dev.posthorn.crds.SignatureSchemeSpec.SignatureEncoding;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ConfigJsonTest {
  private static final ResourceName NAME = new ResourceName("acme", "orders");
  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
  private static final String CANARY = "canary";

  private static final EndpointConfig ENDPOINT =
      new EndpointConfig(
          NAME,
          "acme",
          new Target("https://hooks.example.com:8443/canary", true),
          true,
          new Events(List.of("order.*", "*"), "event.type == \"a\""),
          new Body(BodyFormat.CLOUD_EVENTS_BINARY, "{}"),
          List.of(new Signature("stripe", NAME), new Signature("own.example", NAME)),
          List.of(new Header("x-env", "prod", false), new Header("x-token", CANARY, true)),
          new Delivery(7, 3, Ordering.ENDPOINT, new Rate(10, 2)),
          new Retry(List.of(1L, 2L), 99),
          new AutoDisable(null, NOW),
          new Tls("ca", new Tls.ClientCertificate("chain", CANARY), Tls.Version.TLS_1_3));

  private static final KeysConfig KEYS =
      new KeysConfig(
          NAME,
          new Keyring(
              "id",
              3,
              NOW,
              "HmacSha256",
              List.of(
                  new KeyVersion(
                      1,
                      "k_7f3a9c",
                      KeyMaterial.of(CANARY.getBytes(UTF_8)),
                      NOW,
                      new KeyTimes(NOW, NOW.plusSeconds(9), null))),
              List.of("digest")),
          KeysConfig.Cutover.IMMEDIATELY);

  private static final StreamConfig STREAM =
      new StreamConfig(
          NAME,
          true,
          "acme",
          true,
          new StreamConfig.Redis(
              "redis:6379",
              true,
              new StreamConfig.Credentials("user", CANARY),
              "orders",
              "group",
              StreamConfig.StartFrom.BEGINNING),
          StreamConfig.Format.FIELDS,
          new StreamConfig.Mapping(null, "a", "b", "c", "d"),
          "true");

  private static final DispatcherSettings SETTINGS =
      new DispatcherSettings(
          true,
          DispatcherSettings.Tenancy.FIELD,
          new EgressPolicy(
              Set.of(443, 8443, 9443),
              true,
              List.of(AllowedCidr.parse("10.0.0.0/8:80")),
              List.of(new AllowedHost("erp.svc", Set.of(80), Set.of("acme"))),
              List.of(Cidr.parse("fd00::/8")),
              List.of(Cidr.parse("10.96.0.0/12")),
              "cluster.example"),
          new Limits(
              1,
              2,
              new Limits.Tenant(3, 4, 5, 6L),
              Map.of("b", new Limits.Tenant(7, 8, null, null), "a", Limits.Tenant.DEFAULT)),
          new DispatcherSettings.Retention(1, 2, 3, 4),
          new DispatcherSettings.Log(false, false, Set.of("x-b", "x-a")),
          new DispatcherSettings.StaleConfig(DispatcherSettings.StaleConfig.Mode.CONTINUE, 60),
          new ResourceName("platform", "operations"));

  private static final SchemeConfig SCHEME =
      new SchemeConfig(
          "own.example",
          new SignatureSchemeSpec(
              Algorithm.HmacSha512,
              new SignatureSchemeSpec.Key(KeyEncoding.Hex, List.of("p_")),
              "{body}",
              null,
              new SignatureSchemeSpec.Signature(
                  SignatureEncoding.Base64, "v={signature}", ",", Keys.Single),
              List.of(new SignatureSchemeSpec.Header("x-sig", "{signatures}")),
              null));

  private static final Configuration ALL =
      new Configuration(
          SETTINGS,
          Map.of(NAME, ENDPOINT),
          Map.of(NAME, KEYS),
          Map.of(NAME, STREAM),
          Map.of("own.example", SCHEME));

  @Test
  void settingsOfAnOlderVersionHoldAfterAnHour() {
    String present = new String(ConfigJson.write(SETTINGS), UTF_8);
    String older = present.replaceAll(",\"staleConfig\":\\{[^}]*}", "");
    assertThat(older).isNotEqualTo(present);
    assertThat(ConfigJson.read(older.getBytes(UTF_8), DispatcherSettings.class))
        .hasValueSatisfying(read ->
            assertThat(read.staleConfig()).isEqualTo(DispatcherSettings.StaleConfig.DEFAULT));
  }

  @Test
  void everyConfigObjectComesBackAsItWasWritten() {
    assertThat(ConfigJson.read(ConfigJson.write(ENDPOINT), EndpointConfig.class))
        .contains(ENDPOINT);
    assertThat(ConfigJson.read(ConfigJson.write(KEYS), KeysConfig.class)).contains(KEYS);
    assertThat(ConfigJson.read(ConfigJson.write(STREAM), StreamConfig.class)).contains(STREAM);
    assertThat(ConfigJson.read(ConfigJson.write(SCHEME), SchemeConfig.class)).contains(SCHEME);
    assertThat(ConfigJson.read(ConfigJson.write(ALL), Configuration.class)).contains(ALL);
  }

  @Test
  void absentPartsComeBackAbsent() {
    var bare =
        new EndpointConfig(
            NAME,
            "acme",
            new Target("https://hooks.example.com/", false),
            false,
            new Events(List.of("*"), null),
            new Body(BodyFormat.ENVELOPE, null),
            List.of(new Signature("none", null)),
            List.of(),
            new Delivery(15, 10, Ordering.NONE, null),
            Retry.DEFAULT,
            new AutoDisable(432_000L, null),
            Tls.DEFAULT);
    assertThat(ConfigJson.read(ConfigJson.write(bare), EndpointConfig.class)).contains(bare);
  }

  @Test
  void setsAndMapsAreWrittenInOrder() {
    assertThat(new String(ConfigJson.write(SETTINGS), UTF_8))
        .contains("[443,8443,9443]", "[\"x-a\",\"x-b\"]", "\"tenants\":{\"a\"");
  }

  @Test
  void noToStringShowsASecret() {
    assertThat(ALL.toString())
        .doesNotContain(CANARY)
        .contains("https://hooks.example.com:8443", "x-token: (masked)");
  }

  @Test
  void fieldOfANewerVersionIsIgnored() {
    byte[] json = "{\"namespace\":\"a\",\"name\":\"b\",\"cluster\":1}".getBytes(UTF_8);
    assertThat(ConfigJson.read(json, ResourceName.class)).contains(new ResourceName("a", "b"));
  }

  @Test
  void damagedTextIsNoConfigObject() {
    assertThat(ConfigJson.read("{\"name\":".getBytes(UTF_8), ResourceName.class)).isEmpty();
    assertThat(ConfigJson.read("[1]".getBytes(UTF_8), EndpointConfig.class)).isEmpty();
    assertThat(ConfigJson.read("null".getBytes(UTF_8), EndpointConfig.class)).isEmpty();
  }

  @Test
  void alteredKeyringIsRefused() {
    String json = new String(ConfigJson.write(KEYS), UTF_8);
    int begin = json.indexOf("\"keyring\":\"") + 11;
    String other = json.substring(0, begin) + "e30" + json.substring(json.indexOf('"', begin));
    assertThat(ConfigJson.read(other.getBytes(UTF_8), KeysConfig.class)).isEmpty();
  }
}
