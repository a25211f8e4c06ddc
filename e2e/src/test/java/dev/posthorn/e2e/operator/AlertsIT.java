package dev.posthorn.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.crds.Condition;
import dev.posthorn.e2e.fixture.Http;
import dev.posthorn.e2e.fixture.PosthornProcess;
import dev.posthorn.e2e.fixture.Program;
import dev.posthorn.e2e.fixture.Received;
import dev.posthorn.e2e.fixture.Receiver;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One endpoint in the Dispatcher's namespace is told of all tenants. */
class AlertsIT {
  private static final String EGRESS =
      "egress: {allowHttp: true, allowCidrs: [{cidr: 127.0.0.1/32}]}\n";
  private static final String ALERTS = "  alerts: {endpointRef: {name: operations}}\n";
  private static final String SLACK =
      "https://hooks.slack.com/services/T00000000/B00000000/replace-me";

  private final Installed cluster = installed();
  private final List<Received> slack = Receiver.list();

  private static Installed installed() {
    try {
      return Installed.get();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private void awaitDispatcher(String status, String reason) {
    cluster.eventually(
        "the Dispatcher's Ready=" + status + "/" + reason,
        () -> ready().status().equals(status) && ready().reason().equals(reason));
  }

  private Condition ready() {
    return cluster.condition(cluster.dispatcher().getStatus().conditions(), "Ready").orElseThrow();
  }

  @Test
  void thePlatformIsToldOfATenantsEndpoint() throws Exception {
    String tenant = cluster.tenant("alerts");
    try (Receiver gone = Receiver.answering(_ -> 410);
        Receiver people = Receiver.keeping(slack)) {
      cluster.applyDispatcher(EGRESS + ALERTS);
      awaitDispatcher("False", "EndpointNotFound");
      assertThat(ready().message()).contains("WebhookEndpoint posthorn-system/operations");
      String sample =
          PosthornProcess.read(Program.root().resolve("config/samples/alerts/slack.yaml"));
      cluster.apply(sample.replace(SLACK, people.url("/slack")));
      cluster.awaitReady(Installed.SYSTEM, "operations");
      cluster.eventually("the Dispatcher is Ready", () -> ready().status().equals("True"));

      cluster.apply(
          Manifest.publisher(tenant)
              + Manifest.signingSecret(tenant, "orders", "")
              + Manifest.endpoint(tenant, "orders", gone.url("/in"), ""));
      cluster.awaitReady(tenant, "orders");
      cluster.api(tenant, "shop").accepted(tenant, "order.paid", "1");

      cluster.eventually("Slack is told", () -> !slack.isEmpty());
      assertThat(Http.parse(slack.getFirst().text()).path("text").asText())
          .isEqualTo(
              "*posthorn.endpoint.disabled* of %s: orders is disabled: its deliveries wait until somebody enables it"
                  .formatted(tenant));
    } finally {
      cluster.applyDispatcher("egress: {allowCidrs: [{cidr: 127.0.0.1/32}]}");
      cluster.kubectl("delete", "whe", "operations", "-n", Installed.SYSTEM);
    }
  }
}
