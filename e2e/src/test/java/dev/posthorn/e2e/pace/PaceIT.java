package dev.posthorn.e2e.pace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthorn.e2e.fixture.Http;
import dev.posthorn.e2e.fixture.Manifests;
import dev.posthorn.e2e.fixture.PosthornProcess;
import dev.posthorn.e2e.fixture.Received;
import dev.posthorn.e2e.fixture.Receiver;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Order, rate and the events that a tenant may publish, with real processes and sockets. */
class PaceIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int EVENTS = 40;

  @TempDir private Path directory;
  private final List<Received> received = Receiver.list();

  private static String endpoint(String url, String rest) {
    return Manifests.endpoint("acme", "orders", url, "\"order.*\"", "{scheme: none}", rest);
  }

  private PosthornProcess run(Manifests manifests) throws Exception {
    return PosthornProcess.run(manifests.directory(), directory.resolve("data"));
  }

  private static void publish(PosthornProcess posthorn, int number) {
    posthorn.api().accepted("acme", "order.paid", "{\"number\": " + number + "}");
  }

  private static HttpResponse<String> publish(PosthornProcess posthorn) {
    return posthorn.api().publish("{\"tenant\": \"acme\", \"type\": \"order.paid\", \"data\": {}}");
  }

  private List<Integer> numbers() {
    return received.stream().map(PaceIT::number).toList();
  }

  private static int number(Received request) {
    return Http.parse(request.text()).at("/data/number").asInt();
  }

  @Test
  void inOrderAFailingDeliveryHoldsTheNextAlsoOverAKill() throws Exception {
    var failures = new AtomicInteger(3);
    try (var receiver =
        Receiver.answering(request -> {
          if (number(request) == 5 && failures.getAndDecrement() > 0) {
            return 500;
          }
          received.add(request);
          return 204;
        })) {
      var manifests = Manifests.in(directory);
      manifests.write(
          "acme.yaml",
          endpoint(
              receiver.url("/in"),
              "  delivery: {ordering: Endpoint}\n  retry: {scheduleSeconds: [1, 1, 1, 1, 1]}\n"));
      try (var posthorn = run(manifests)) {
        for (int number = 0; number < EVENTS; number++) {
          publish(posthorn, number);
        }
        await().atMost(PATIENCE).until(() -> failures.get() < 3);
        posthorn.kill();
      }
      assertThat(numbers()).doesNotContain(6);
      try (var again = run(manifests)) {
        await().atMost(PATIENCE).until(() -> numbers().contains(EVENTS - 1));
        assertThat(again.stop()).isZero();
      }
      assertThat(failures.get()).isNegative();
      assertThat(numbers()).isSorted().doesNotHaveDuplicates().hasSize(EVENTS);
    }
  }

  @Test
  void anEndpointGetsNoMoreThanItsRate() throws Exception {
    try (var receiver = Receiver.keeping(received)) {
      var manifests = Manifests.in(directory);
      manifests.write(
          "acme.yaml",
          endpoint(receiver.url("/in"), "  delivery: {rate: {requests: 10, perSeconds: 2}}\n"));
      try (var posthorn = run(manifests)) {
        for (int number = 0; number < EVENTS; number++) {
          publish(posthorn, number);
        }
        await().atMost(PATIENCE).until(() -> received.size() == EVENTS);
      }
      var times = received.stream().map(Received::time).sorted().toList();
      assertThat(Duration.between(times.getFirst(), times.getLast()))
          .as("four times ten are three periods of two seconds, but for a late first arrival")
          .isGreaterThan(Duration.ofSeconds(4));
    }
  }

  @Test
  void aTenantThatPublishesTooMuchIsToldAndNobodyElse() throws Exception {
    try (var receiver = Receiver.keeping(received)) {
      var manifests = Manifests.in(directory);
      manifests.write(
          "dispatcher.yaml",
          """
          apiVersion: posthorn.dev/v1alpha1
          kind: Dispatcher
          metadata: {name: default}
          spec:
            allowedNamespaces: {from: All}
            limits: {tenants: [{tenant: acme, eventsPerSecond: 5}]}
          """);
      manifests.write("acme.yaml", endpoint(receiver.url("/in"), ""));
      try (var posthorn = run(manifests)) {
        int accepted = 0;
        HttpResponse<String> answer = publish(posthorn);
        while (answer.statusCode() == 202 && accepted < 1_000) {
          accepted++;
          answer = publish(posthorn);
        }
        HttpResponse<String> refused = answer;
        assertThat(accepted).isGreaterThanOrEqualTo(5);
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValue("retry-after")).contains("1");
        assertThat(refused.body()).contains("eventsPerSecond", "publish again in 1 s");
        for (int number = 0; number < 50; number++) {
          posthorn.api().accepted("globex", "order.paid", "{}");
        }
        assertThat(posthorn.metric("posthorn_events_rejected_total{reason=\"quota\"}"))
            .isEqualTo(1);
        int stored = accepted;
        await().atMost(PATIENCE).until(() -> received.size() == stored);
      }
    }
  }
}
