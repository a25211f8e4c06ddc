package dev.posthorn.dispatcher.bench;

import dev.posthorn.core.config.Configuration;
import dev.posthorn.core.config.DispatcherSettings;
import dev.posthorn.core.config.EndpointConfig;
import dev.posthorn.core.config.KeyAuthority;
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
import dev.posthorn.dispatcher.Dispatcher;
import dev.posthorn.dispatcher.DispatcherOptions;
import dev.posthorn.dispatcher.StoreOptions;
import dev.posthorn.dispatcher.http.Listen;
import dev.posthorn.dispatcher.http.TokenFile;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;

/**
 * What a delivery costs in the dispatcher's process: HTTP publish, filter, fan-out, commit to
 * SQLite with fsync, schedule, sign, POST over keep-alive, log. Publisher and receiver run in
 * another process on the same cores. Beside each figure stands that of a bare OkHttp loop in this
 * process against the same receiver.
 */
public final class DispatcherBenchmark {
  private static final ResourceName KEYS = new ResourceName("bench", "key");
  private static final String TOKEN = "bench-token";
  private static final int CONNECTIONS = 64;

  private final Load load;
  private final Dispatcher dispatcher;

  private DispatcherBenchmark(Load load, Dispatcher dispatcher) {
    this.load = load;
    this.dispatcher = dispatcher;
  }

  /** Takes the number of events of a run as an optional argument. */
  public static void main(String[] args) throws Exception {
    int events = args.length > 0 ? Integer.parseInt(args[0]) : 60_000;
    Path data = Files.createTempDirectory("posthorn-bench");
    try (var load = new Load()) {
      var dispatcher = start(data);
      try {
        var benchmark = new DispatcherBenchmark(load, dispatcher);
        dispatcher.apply(configuration(load));
        benchmark.run(events);
      } finally {
        dispatcher.stop();
      }
    }
  }

  private void run(int events) throws Exception {
    System.out.printf(
        "machine: %d cores, %s, JDK %s%n",
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.arch"),
        Runtime.version());
    warmUp(events);
    reference(events);
    throughput("HTTP one by one, fan-out 1, 100 endpoints", "any", events, 1, 1);
    reference(events);
    throughput("HTTP in batches of 100, fan-out 1", "any", events, 100, 1);
    throughput("HTTP one by one, fan-out 10", "ten", events / 5, 1, 10);
    reference(events);
    latency("quiet, 100 events/s", 1_000);
    publish("hang", 5_000, CONNECTIONS, 100, 0);
    latency("the same beside 5,000 events to a hanging endpoint", 1_000);
  }

  private void warmUp(int events) throws Exception {
    for (int i = 0; i < 3; i++) {
      measure("any", events / 2, 1, 1);
    }
    measure("any", events / 2, 100, 1);
    measure("ten", events / 10, 1, 10);
    bareLoop(events / 2);
  }

  private record Cost(double microsPerDelivery, double perSecond) {}

  private void throughput(String name, String type, int events, int batch, int fanOut)
      throws Exception {
    Cost cost = measure(type, events, batch, fanOut);
    System.out.printf(
        "%-50s %7.1f us CPU per delivery, %8.0f deliveries/s%n",
        name, cost.microsPerDelivery(), cost.perSecond());
  }

  private Cost measure(String type, int events, int batch, int fanOut) throws Exception {
    long before = load.received();
    long cpu = cpuNanos();
    long start = System.nanoTime();
    publish(type, events, batch == 1 ? CONNECTIONS : 4, batch, 0);
    long wanted = before + (long) events * fanOut;
    awaitReceived(wanted);
    awaitRecorded();
    double seconds = (System.nanoTime() - start) / 1e9;
    double micros = (cpuNanos() - cpu) / 1e3 / events / fanOut;
    load.ask("latency");
    return new Cost(micros, events * fanOut / seconds);
  }

  private void latency(String name, int events) throws Exception {
    long before = load.received();
    load.ask("latency");
    publish("any", events, 1, 1, 100);
    awaitReceived(before + events);
    String[] micros = load.ask("latency").split(" ", -1);
    System.out.printf(
        "%-50s p50 %6.2f ms, p99 %6.2f ms from publish to arrival%n",
        name, Long.parseLong(micros[0]) / 1e3, Long.parseLong(micros[1]) / 1e3);
  }

  private void publish(String type, int events, int connections, int batch, int rate)
      throws IOException {
    String answer =
        load.ask(
            "publish %d %s %s %d %d %d %d"
                .formatted(dispatcher.api().port(), TOKEN, type, events, connections, batch, rate));
    if (!answer.equals("published")) {
      throw new IllegalStateException(answer);
    }
  }

  private void awaitReceived(long wanted) throws Exception {
    var pause = new CountDownLatch(1);
    while (load.received() < wanted) {
      if (pause.await(2, TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException("nobody counts down");
      }
    }
  }

  private void awaitRecorded() throws Exception {
    var pause = new CountDownLatch(1);
    while (dispatcher.balance().waiting() > 0) {
      if (pause.await(2, TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException("nobody counts down");
      }
    }
  }

  private void reference(int requests) throws Exception {
    Cost cost = bareLoop(requests);
    System.out.printf(
        "%-50s %7.1f us CPU per POST,     %8.0f POSTs/s%n",
        "  reference: bare OkHttp loop, 1 KiB", cost.microsPerDelivery(), cost.perSecond());
  }

  private Cost bareLoop(int requests) throws Exception {
    var client = new OkHttpClient();
    RequestBody body =
        RequestBody.create("x".repeat(1_024), MediaType.get("application/octet-stream"));
    var request =
        new Request.Builder().url("http://127.0.0.1:" + load.receiverPort() + "/").post(body);
    long cpu = cpuNanos();
    long start = System.nanoTime();
    var threads =
        IntStream.range(0, CONNECTIONS)
            .mapToObj(_ ->
                Thread.ofVirtual()
                    .start(() -> post(client, request.build(), requests / CONNECTIONS)))
            .toList();
    for (Thread each : threads) {
      each.join();
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    client.connectionPool().evictAll();
    return new Cost((cpuNanos() - cpu) / 1e3 / requests, requests / seconds);
  }

  private static void post(OkHttpClient client, Request request, int times) {
    for (int i = 0; i < times; i++) {
      try (var response = client.newCall(request).execute()) {
        if (response.code() != 204) {
          throw new IllegalStateException("status " + response.code());
        }
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static long cpuNanos() {
    var system =
        (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return system.getProcessCpuTime();
  }

  private static Dispatcher start(Path data) {
    var options =
        new DispatcherOptions(
            data,
            StoreOptions.embedded(),
            new Listen("127.0.0.1", 0),
            new Listen("127.0.0.1", 0),
            TokenFile.admin(TOKEN).callers(),
            (_, _) -> new KeyAuthority.Answer.Unavailable("nobody owns the keys"),
            "bench",
            "bench",
            Duration.ofSeconds(1));
    return switch (Dispatcher.start(options, InstantSource.system())) {
      case Dispatcher.Start.Started(var dispatcher) -> dispatcher;
      case Dispatcher.Start.Failed(var message) -> throw new IllegalStateException(message);
    };
  }

  /**
   * 100 endpoints that each want a type of their own, {@code any0..99}; ten want {@code ten} too.
   */
  private static Configuration configuration(Load load) {
    var endpoints = new HashMap<ResourceName, EndpointConfig>();
    String url = "http://127.0.0.1:" + load.receiverPort() + "/in";
    for (int i = 0; i < 100; i++) {
      List<String> types = i < 10 ? List.of("any" + i, "ten") : List.of("any" + i);
      add(endpoints, "bench", "e" + i, url, types);
    }
    add(
        endpoints,
        "noisy",
        "hangs",
        "http://127.0.0.1:" + load.hangingPort() + "/in",
        List.of("hang"));
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
    return new Configuration(settings, endpoints, Map.of(KEYS, keys()), Map.of(), Map.of());
  }

  private static void add(
      Map<ResourceName, EndpointConfig> endpoints,
      String tenant,
      String name,
      String url,
      List<String> types) {
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
            new EndpointConfig.Delivery(15, 100, EndpointConfig.Ordering.NONE, null),
            Retry.DEFAULT,
            new EndpointConfig.AutoDisable(432_000L, null),
            Tls.DEFAULT));
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
