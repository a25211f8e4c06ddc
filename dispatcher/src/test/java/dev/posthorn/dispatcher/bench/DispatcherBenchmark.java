package dev.posthorn.dispatcher.bench;

import dev.posthorn.core.config.KeyAuthority;
import dev.posthorn.dispatcher.Dispatcher;
import dev.posthorn.dispatcher.DispatcherOptions;
import dev.posthorn.dispatcher.Role;
import dev.posthorn.dispatcher.StoreOptions;
import dev.posthorn.dispatcher.http.Listen;
import dev.posthorn.dispatcher.http.TokenFile;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.tls.Certificates;
import okhttp3.tls.HandshakeCertificates;

/**
 * What a delivery costs in the dispatcher's process: HTTP publish, filter, fan-out, commit with
 * fsync, schedule, sign, POST over keep-alive, log; in PostgreSQL the server's processes too.
 * Publisher and receiver run in another process on the same cores. Beside each figure stands that
 * of a bare OkHttp loop in this process against the same receiver.
 */
public final class DispatcherBenchmark {
  private static final String STORE = System.getProperty("bench.store", "sqlite");
  private static final String TOKEN = "bench-token";
  private static final int CONNECTIONS = 64;

  private final BenchStore store;
  private final Load load;
  private final Dispatcher dispatcher;

  private DispatcherBenchmark(BenchStore store, Load load, Dispatcher dispatcher) {
    this.store = store;
    this.load = load;
    this.dispatcher = dispatcher;
  }

  /** Takes the number of events of a run as an optional argument. */
  public static void main(String[] args) throws Exception {
    int events = args.length > 0 ? Integer.parseInt(args[0]) : 60_000;
    Path data = Files.createTempDirectory("posthorn-bench");
    BenchStore store = BenchStore.of(STORE, data);
    try (var load = new Load()) {
      var dispatcher = start(data, store.options());
      try {
        var benchmark = new DispatcherBenchmark(store, load, dispatcher);
        dispatcher.apply(Fleet.configuration(load, false));
        benchmark.run(events);
      } finally {
        dispatcher.stop();
        delete(data);
      }
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    }
  }

  private void run(int events) throws Exception {
    System.out.printf(
        "machine: %d cores, %s, JDK %s, load %.1f before; store: %s%n",
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.arch"),
        Runtime.version(),
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
        STORE);
    warmUp(events);
    bareInserts(events);
    reference(events);
    throughput("HTTP one by one, fan-out 1, 100 endpoints", "any", events, 1, 1);
    reference(events);
    throughput("HTTP in batches of 100, fan-out 1", "any", events, 100, 1);
    throughput("HTTP one by one, fan-out 10", "ten", events / 5, 1, 10);
    reference(events);
    throughput("HTTP one by one, 1 endpoint", "one", events, 1, 1);
    throughput("HTTP one by one, 10,000 endpoints", "wide", events, 1, 1);
    referenceOverTls(events);
    throughput("HTTP one by one, 100 endpoints over TLS", "tls", events, 1, 1);
    reference(events);
    printHeap();
    latency("quiet, 100 events/s", "any", 1_000, 100);
    publish("hang", 5_000, CONNECTIONS, 100, 0);
    latency("the same beside 5,000 events to a hanging endpoint", "any", 1_000, 100);
    hanging();
  }

  private static void printHeap() {
    MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    memory.gc();
    System.out.printf(
        "%-50s %7d MiB after a collection%n",
        "heap with 10,202 endpoints, connections open",
        memory.getHeapMemoryUsage().getUsed() >> 20);
  }

  /** Long enough for requests that hang to reach their timeout of 15 s. */
  private void hanging() throws Exception {
    latency("10,000 endpoints, 500 events/s", "wide", 10_000, 500);
    dispatcher.apply(Fleet.configuration(load, true));
    latency("the same, 1 % of the endpoints hang: the others", "wide", 10_000, 500);
  }

  private void warmUp(int events) throws Exception {
    for (int i = 0; i < 3; i++) {
      measure("any", events / 2, 1, 1);
    }
    measure("any", events / 2, 100, 1);
    measure("ten", events / 10, 1, 10);
    measure("wide", events, 1, 1);
    measure("tls", events / 2, 1, 1);
    bareLoop(new OkHttpClient(), plainUrl(), events / 2);
  }

  /** The server's microseconds are among those of the delivery. */
  private record Cost(double microsPerDelivery, double perSecond, double bytes, double server) {
    Cost(double microsPerDelivery, double perSecond) {
      this(microsPerDelivery, perSecond, 0, 0);
    }

    String ofServer() {
      return server == 0 ? "" : "  (of it the server %.1f us)".formatted(server);
    }
  }

  private void throughput(String name, String type, int events, int batch, int fanOut)
      throws Exception {
    Cost cost = measure(type, events, batch, fanOut);
    System.out.printf(
        "%-50s %7.1f us CPU per delivery, %8.0f deliveries/s, %5.0f bytes of disk each%s%n",
        name, cost.microsPerDelivery(), cost.perSecond(), cost.bytes(), cost.ofServer());
  }

  private Cost measure(String type, int events, int batch, int fanOut) throws Exception {
    long before = load.received();
    long bytes = store.bytes();
    long cpu = cpuNanos() + store.cpuNanos();
    long serving = store.cpuNanos();
    long start = System.nanoTime();
    publish(type, events, batch == 1 ? CONNECTIONS : 4, batch, 0);
    long wanted = before + (long) events * fanOut;
    awaitReceived(wanted);
    awaitRecorded();
    double seconds = (System.nanoTime() - start) / 1e9;
    double micros = (cpuNanos() + store.cpuNanos() - cpu) / 1e3 / events / fanOut;
    double server = (store.cpuNanos() - serving) / 1e3 / events / fanOut;
    load.ask("latency");
    double each = (double) (store.bytes() - bytes) / events / fanOut;
    return new Cost(micros, events * fanOut / seconds, each, server);
  }

  private void latency(String name, String type, int events, int perSecond) throws Exception {
    long before = load.received();
    load.ask("latency");
    awaitReceived(before + publish(type, events, 1, 1, perSecond));
    String[] micros = load.ask("latency").split(" ", -1);
    System.out.printf(
        "%-50s p50 %6.2f ms, p99 %6.2f ms from publish to arrival%n",
        name, Long.parseLong(micros[0]) / 1e3, Long.parseLong(micros[1]) / 1e3);
  }

  /** Gives back how many of the events want an endpoint that answers. */
  private long publish(String type, int events, int connections, int batch, int rate)
      throws IOException {
    String answer =
        load.ask(
            "publish %d %s %s %d %d %d %d"
                .formatted(
                    dispatcher.api().orElseThrow().port(),
                    TOKEN,
                    type,
                    events,
                    connections,
                    batch,
                    rate));
    if (!answer.startsWith("published ")) {
      throw new IllegalStateException(answer);
    }
    return Long.parseLong(answer.substring(10));
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

  private void bareInserts(int deliveries) throws Exception {
    if (store.bareName().isEmpty()) {
      return;
    }
    store.bareInserts(deliveries / 2);
    long cpu = cpuNanos();
    long start = System.nanoTime();
    long serving = store.bareInserts(deliveries);
    double seconds = (System.nanoTime() - start) / 1e9;
    double micros = (cpuNanos() - cpu + serving) / 1e3 / deliveries;
    System.out.printf(
        "%-50s %7.1f us CPU per delivery, %8.0f deliveries/s%n",
        "  reference: " + store.bareName(), micros, deliveries / seconds);
  }

  private void reference(int requests) throws Exception {
    reference("bare OkHttp loop, 1 KiB", new OkHttpClient(), plainUrl(), requests);
  }

  private void referenceOverTls(int requests) throws Exception {
    var trusted =
        new HandshakeCertificates.Builder()
            .addTrustedCertificate(Certificates.decodeCertificatePem(load.certificatePem()))
            .build();
    var client =
        new OkHttpClient.Builder()
            .sslSocketFactory(trusted.sslSocketFactory(), trusted.trustManager())
            .build();
    String url = "https://127.0.0.1:" + load.tlsPort() + "/";
    bareLoop(client, url, requests / 2);
    reference("bare OkHttp loop over TLS, 1 KiB", client, url, requests);
  }

  private static void reference(String name, OkHttpClient client, String url, int requests)
      throws Exception {
    Cost cost = bareLoop(client, url, requests);
    System.out.printf(
        "%-50s %7.1f us CPU per POST,     %8.0f POSTs/s%n",
        "  reference: " + name, cost.microsPerDelivery(), cost.perSecond());
  }

  private String plainUrl() {
    return "http://127.0.0.1:" + load.receiverPort() + "/";
  }

  private static Cost bareLoop(OkHttpClient client, String url, int requests) throws Exception {
    RequestBody body =
        RequestBody.create("x".repeat(1_024), MediaType.get("application/octet-stream"));
    var request = new Request.Builder().url(url).post(body);
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

  private static Dispatcher start(Path data, StoreOptions store) {
    var options =
        new DispatcherOptions(
            data,
            Role.ALL,
            store,
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
}
