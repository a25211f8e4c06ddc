package dev.posthorn.dispatcher.bench;

import dev.posthorn.core.config.Configuration;
import dev.posthorn.core.config.DispatcherSettings;
import dev.posthorn.core.config.EndpointConfig;
import dev.posthorn.core.config.KeysConfig;
import dev.posthorn.core.config.Limits;
import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.config.Retry;
import dev.posthorn.core.config.Target;
import dev.posthorn.core.config.Tls;
import dev.posthorn.core.egress.AllowedCidr;
import dev.posthorn.core.egress.EgressPolicy;
import dev.posthorn.core.event.BodyFormat;
import dev.posthorn.core.keyring.KeyMaterial;
import dev.posthorn.core.keyring.KeyTimes;
import dev.posthorn.core.keyring.KeyVersion;
import dev.posthorn.core.keyring.Keyring;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * The endpoints of the benchmark, told apart by the types that they want. Tenant {@code bench}:
 * {@code any0..99} one endpoint each, ten of which want {@code ten} too, {@code tls0..99} the same
 * over TLS, {@code one} a single endpoint. A hundred tenants with a hundred endpoints each: {@code
 * wide0..9999}, of which the first hundred, one in each tenant, may hang. Tenant {@code noisy}:
 * {@code hang} one endpoint that always hangs.
 */
final class Fleet {
  private static final ResourceName KEYS = new ResourceName("bench", "key");
  private static final int NARROW = 100;
  private static final int WIDE = 10_000;
  private static final int TENANTS = 100;

  private final Load load;
  private final Map<ResourceName, EndpointConfig> endpoints = new HashMap<>();

  private Fleet(Load load) {
    this.load = load;
  }

  /**
   * What an event is published as.
   *
   * @param tenant whose it is
   * @param type which endpoint wants it
   * @param answers whether that endpoint answers when the wide ones hang
   */
  record Wanted(String tenant, String type, boolean answers) {}

  /** An event for one of the endpoints whose types begin with {@code type}. */
  static Wanted any(String type, RandomGenerator random) {
    return switch (type) {
      case "any", "tls" -> new Wanted("bench", type + random.nextInt(NARROW), true);
      case "hang" -> new Wanted("noisy", type, false);
      case "wide" -> {
        int number = random.nextInt(WIDE);
        yield new Wanted(tenant(number), type + number, number >= TENANTS);
      }
      default -> new Wanted("bench", type, true);
    };
  }

  private static String tenant(int number) {
    return "t" + number % TENANTS;
  }

  /** All of them; {@code hang} has one in a hundred of the wide ones never answer. */
  static Configuration configuration(Load load, boolean hang) {
    var fleet = new Fleet(load);
    fleet.fill(hang);
    DispatcherSettings defaults = DispatcherSettings.DEFAULT;
    var tenant = new Limits.Tenant(1, 200, null, null);
    var settings =
        new DispatcherSettings(
            false,
            defaults.tenancy(),
            EgressPolicy.DEFAULT
                .withAllowHttp(true)
                .withAllowCidrs(List.of(AllowedCidr.parse("127.0.0.0/8"))),
            new Limits(512, 262_144, Limits.Tenant.DEFAULT, Map.of("bench", tenant)),
            defaults.retention(),
            defaults.log(),
            defaults.staleConfig());
    return new Configuration(settings, fleet.endpoints, Map.of(KEYS, keys()), Map.of(), Map.of());
  }

  private void fill(boolean hang) {
    String answers = "http://127.0.0.1:" + load.receiverPort() + "/in";
    String hangs = "http://127.0.0.1:" + load.hangingPort() + "/in";
    var trusting = new Tls(load.certificatePem(), null, Tls.DEFAULT.minVersion());
    String secure = "https://127.0.0.1:" + load.tlsPort() + "/in";
    for (int i = 0; i < NARROW; i++) {
      List<String> types = i < 10 ? List.of("any" + i, "ten") : List.of("any" + i);
      add("bench", "e" + i, answers, types, 100, Tls.DEFAULT);
      add("bench", "s" + i, secure, List.of("tls" + i), 100, trusting);
    }
    add("bench", "one", answers, List.of("one"), 100, Tls.DEFAULT);
    add("noisy", "hangs", hangs, List.of("hang"), 100, Tls.DEFAULT);
    for (int i = 0; i < WIDE; i++) {
      String url = hang && i < TENANTS ? hangs : answers;
      add(tenant(i), "w" + i, url, List.of("wide" + i), 10, Tls.DEFAULT);
    }
  }

  private void add(
      String tenant, String name, String url, List<String> types, int atOnce, Tls tls) {
    var resource = new ResourceName(tenant, name);
    endpoints.put(
        resource,
        new EndpointConfig(
            resource,
            tenant,
            new Target(url, false),
            false,
            new EndpointConfig.Events(types, null),
            new EndpointConfig.Body(BodyFormat.ENVELOPE, null),
            List.of(new EndpointConfig.Signature("standard-webhooks", KEYS)),
            List.of(),
            new EndpointConfig.Delivery(15, atOnce, EndpointConfig.Ordering.NONE, null),
            Retry.DEFAULT,
            new EndpointConfig.AutoDisable(432_000L, null),
            tls));
  }

  private static KeysConfig keys() {
    Instant past = Instant.parse("2026-01-01T00:00:00Z");
    byte[] secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".getBytes(StandardCharsets.UTF_8);
    var version =
        new KeyVersion(1, "k_000001", KeyMaterial.of(secret), past, new KeyTimes(past, null, null));
    return new KeysConfig(
        KEYS,
        new Keyring("ring", 1, past, "HmacSha256", List.of(version), List.of()),
        KeysConfig.Cutover.AT_OVERLAP_END);
  }
}
