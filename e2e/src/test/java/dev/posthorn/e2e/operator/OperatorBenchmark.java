package dev.posthorn.e2e.operator;

import dev.posthorn.crds.WebhookEndpoint;
import dev.posthorn.e2e.fixture.Http;
import dev.posthorn.e2e.fixture.Receiver;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * What ten thousand endpoints cost an operator with a heap of 512 MiB: until all are with the
 * Dispatcher for the first time, until a new process has looked at all of them, and from a change
 * until the first delivery under it. Beside it a bare write of a Secret until a bare watch shows
 * it. Run as docs/benchmark.md says.
 */
final class OperatorBenchmark {
  private static final int NAMESPACES = Integer.getInteger("bench.namespaces", 1_000);
  private static final int ENDPOINTS = 10;
  private static final int CHANGES = Integer.getInteger("bench.changes", 500);
  private static final int WRITERS = 16;
  private static final long SLOW_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long PATIENCE_SECONDS = 600;

  private OperatorBenchmark() {}

  /** Prints the figures. */
  public static void main(String[] arguments) throws Exception {
    try (Installed cluster = Installed.emptyAsInProduction();
        Stored stored = new Stored(cluster.client())) {
      cluster.client().namespaces().resource(namespace(Installed.SYSTEM, Map.of())).create();
      cluster.applyDispatcher("egress: {allowHttp: true, allowCidrs: [{cidr: 127.0.0.1/32}]}");
      long begin = System.nanoTime();
      create(cluster.client());
      print(
          "created %,d endpoints in %,d namespaces: %.1f s",
          NAMESPACES * ENDPOINTS, NAMESPACES, since(begin));
      first(cluster, stored);
      cold(cluster);
      changes(cluster, stored);
      bare(cluster.client(), stored);
      System.exit(0);
    }
  }

  private static Namespace namespace(String name, Map<String, String> labels) {
    return new NamespaceBuilder()
        .withNewMetadata()
        .withName(name)
        .withLabels(labels)
        .endMetadata()
        .build();
  }

  private static void create(KubernetesClient client) throws Exception {
    try (var threads = Executors.newFixedThreadPool(WRITERS)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < NAMESPACES; i++) {
        String name = "tenant-" + i;
        all.add(threads.submit(() -> tenant(client, name)));
      }
      for (Future<?> each : all) {
        each.get();
      }
    }
  }

  private static void tenant(KubernetesClient client, String name) {
    client.namespaces().resource(namespace(name, Map.of("posthorn.dev/tenant", "true"))).create();
    var manifests = new StringBuilder(Manifest.signingSecret(name, "keys", ""));
    for (int i = 0; i < ENDPOINTS; i++) {
      manifests.append(
          Manifest.endpoint(name, "e" + i, "https://hooks" + i + ".acme.example/in", "keys", ""));
    }
    client
        .load(new ByteArrayInputStream(manifests.toString().getBytes(StandardCharsets.UTF_8)))
        .create();
  }

  /** A new process, which finds everything in place: it looks at all of it and writes nothing. */
  private static void cold(Installed cluster) throws InterruptedException {
    await("all is quiet", () -> quiet(cluster));
    cluster.scaleOperator(0);
    int before = writes(cluster);
    long begin = System.nanoTime();
    cluster.scaleOperator(1);
    print("cold: start of the process to all watches filled: %.1f s", since(begin));
    await(
        "all are resolved",
        () ->
            reconciled(cluster, "SigningSecret") >= NAMESPACES
                && reconciled(cluster, "WebhookEndpoint") >= NAMESPACES * ENDPOINTS);
    print(
        "cold: start of the process to all resolved: %.1f s (goal 30 s), %d writes; %s",
        since(begin),
        writes(cluster) - before,
        memory(cluster.kubelet().pid(cluster.operatorPod())));
  }

  private static boolean quiet(Installed cluster) {
    int before = writes(cluster);
    pause(3_000);
    return writes(cluster) == before;
  }

  private static int writes(Installed cluster) {
    return (int)
        cluster.plane().audit().writes(Installed.operatorUser()).stream()
            .filter(write -> !write.resource().equals("leases"))
            .count();
  }

  private static double reconciled(Installed cluster, String kind) {
    pause(200);
    URI management =
        URI.create("http://" + cluster.kubelet().address(cluster.operatorPod()) + ":9090");
    return new Http(management, "")
        .get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith("operator_sdk_reconciliations_success_total{"))
        .filter(line -> line.contains("kind=\"" + kind + "\""))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  private static void pause(long millis) {
    try {
      boolean _ = new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void first(Installed cluster, Stored stored) throws InterruptedException {
    cluster.applyKustomization("config/default");
    cluster
        .kubectl(
            "set",
            "env",
            "-n",
            Installed.SYSTEM,
            "deployment/posthorn-operator",
            "JAVA_TOOL_OPTIONS=-Xmx512m")
        .succeeded();
    await(
        "an operator runs",
        () -> cluster.operatorPods().size() == 1 && !cluster.leader().isEmpty());
    long begin = System.nanoTime();
    int all = NAMESPACES * ENDPOINTS;
    await("all are stored", () -> stored.endpoints() == all);
    print("first time: leading to all config objects stored: %.1f s", since(begin));
    await(
        "all are Ready",
        () ->
            Integer.valueOf(all).equals(cluster.dispatcher().getStatus().endpoints())
                && ready(cluster) == all);
    print(
        "first time: leading to all Ready: %.1f s, %,d writes of the operator",
        since(begin), writes(cluster));
    print(
        "operator: runs with a heap of 512 MiB (goal 512 MiB); %s",
        memory(cluster.kubelet().pid(cluster.operatorPod())));
  }

  private static long ready(Installed cluster) {
    return cluster
        .client()
        .resources(WebhookEndpoint.class)
        .inAnyNamespace()
        .list()
        .getItems()
        .stream()
        .filter(endpoint ->
            cluster
                .condition(endpoint.getStatus().conditions(), "Ready")
                .filter(each -> each.status().equals("True"))
                .isPresent())
        .count();
  }

  private static String memory(long pid) {
    try {
      return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
          .filter(line -> line.startsWith("VmRSS"))
          .findFirst()
          .orElse("")
          .replaceAll("\\s+", " ");
    } catch (IOException e) {
      return "";
    }
  }

  private static void changes(Installed cluster, Stored stored) throws Exception {
    Set<String> seen = ConcurrentHashMap.newKeySet();
    try (Receiver receiver =
        Receiver.answering(request -> {
          request.find("x-change").ifPresent(seen::add);
          return 204;
        })) {
      String tenant = cluster.tenant("bench");
      cluster.apply(
          Manifest.publisher(tenant)
              + Manifest.signingSecret(tenant, "keys", "")
              + Manifest.endpoint(tenant, "e", receiver.url("/in"), "keys", ""));
      cluster.awaitReady(tenant, "e");
      Http api = cluster.api(tenant, "shop");
      int before = writes(cluster);
      double reconciledBefore = reconciled(cluster, "WebhookEndpoint");
      var nanos = new long[CHANGES];
      for (int i = 0; i < CHANGES; i++) {
        String change = "c" + i;
        long begin = System.nanoTime();
        cluster
            .client()
            .resources(WebhookEndpoint.class)
            .inNamespace(tenant)
            .withName("e")
            .patch(
                PatchContext.of(PatchType.JSON_MERGE),
                "{\"spec\":{\"headers\":[{\"name\":\"x-change\",\"value\":\"" + change + "\"}]}}");
        long patched = System.nanoTime();
        await(
            "a delivery under " + change,
            () -> {
              api.accepted(tenant, "order.paid", "{}");
              return seen.contains(change);
            });
        nanos[i] = System.nanoTime() - begin;
        if (nanos[i] > SLOW_NANOS) {
          print(
              "change %d was slow: patched after %.0f ms, stored after %.0f ms, delivered after %.0f ms",
              i, (patched - begin) / 1e6, (stored.updated() - begin) / 1e6, nanos[i] / 1e6);
        }
      }
      int writes = writes(cluster) - before;
      double reconciled = reconciled(cluster, "WebhookEndpoint") - reconciledBefore;
      print(
          "change to first delivery, %,d endpoints present, %d changes: %s (goal p99 1000 ms)",
          NAMESPACES * ENDPOINTS, CHANGES, quantiles(nanos));
      print(
          "a change: %.1f reconciliations of endpoints, %.1f writes of the operator",
          reconciled / CHANGES, (double) writes / CHANGES);
    }
  }

  /** The reference: nothing but the API server and a watch. */
  private static void bare(KubernetesClient client, Stored stored) throws InterruptedException {
    var nanos = new long[CHANGES];
    for (int i = 0; i < CHANGES; i++) {
      String name = "bare-" + i;
      Secret secret =
          new SecretBuilder()
              .withNewMetadata()
              .withNamespace("default")
              .withName(name)
              .addToLabels("posthorn.dev/config", "bare")
              .endMetadata()
              .build();
      long begin = System.nanoTime();
      client.secrets().resource(secret).create();
      await("the watch shows " + name, () -> stored.has(name));
      nanos[i] = System.nanoTime() - begin;
    }
    print("reference, a bare write to a bare watch: %s", quantiles(nanos));
  }

  private static String quantiles(long[] nanos) {
    Arrays.sort(nanos);
    return "p50 %.0f ms, p99 %.0f ms, most %.0f ms"
        .formatted(
            nanos[nanos.length / 2] / 1e6,
            nanos[Math.min(nanos.length - 1, nanos.length * 99 / 100)] / 1e6,
            nanos[nanos.length - 1] / 1e6);
  }

  private static void await(String what, BooleanSupplier holds) throws InterruptedException {
    var pause = new CountDownLatch(1);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!tried(holds)) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("in vain: " + what);
      }
      boolean _ = pause.await(5, TimeUnit.MILLISECONDS);
    }
  }

  private static boolean tried(BooleanSupplier holds) {
    try {
      return holds.getAsBoolean();
    } catch (RuntimeException notYet) {
      return false;
    }
  }

  private static double since(long begin) {
    return (System.nanoTime() - begin) / 1e9;
  }

  private static void print(String format, Object... values) {
    System.out.printf(format + "%n", values);
  }

  /** The config objects there are, by a watch that holds their names alone. */
  private static final class Stored implements AutoCloseable {
    private final Set<String> endpoints = ConcurrentHashMap.newKeySet();
    private final Set<String> others = ConcurrentHashMap.newKeySet();
    private final SharedIndexInformer<Secret> informer;
    private volatile long updated;

    Stored(KubernetesClient client) {
      informer =
          client
              .secrets()
              .inAnyNamespace()
              .withLabel("posthorn.dev/config")
              .inform(
                  new ResourceEventHandler<>() {
                    @Override
                    public void onAdd(Secret secret) {
                      String name = secret.getMetadata().getName();
                      (name.startsWith("endpoint-") ? endpoints : others).add(name);
                    }

                    @Override
                    public void onUpdate(Secret before, Secret after) {
                      updated = System.nanoTime();
                    }

                    @Override
                    public void onDelete(Secret secret, boolean unknown) {}
                  });
    }

    int endpoints() {
      return endpoints.size();
    }

    /** When the watch showed a change last, by {@link System#nanoTime()}. */
    long updated() {
      return updated;
    }

    boolean has(String name) {
      return others.contains(name);
    }

    @Override
    public void close() {
      informer.close();
    }
  }
}
