package dev.posthorn.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.crds.WebhookEndpoint;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A thousand mistakes are a thousand lines for people, and no load for the API server. */
class StormIT {
  private static final int ENDPOINTS = 1_000;

  @Test
  void aThousandBrokenEndpointsCauseNoStormOfWrites() throws Exception {
    Installed cluster = Installed.get();
    String tenant = cluster.tenant("storm");
    int before = cluster.plane().audit().requests().size();
    var manifests = new StringBuilder();
    for (int i = 0; i < ENDPOINTS; i++) {
      manifests.append(
          Manifest.endpoint(tenant, "e" + i, "https://hooks.acme.example/in", "missing", ""));
    }
    cluster.apply(manifests.toString());

    cluster.eventually("each has its condition", () -> broken(cluster, tenant) == ENDPOINTS);
    Map<String, Long> writes =
        cluster.plane().audit().requests().stream()
            .skip(before)
            .filter(request -> request.user().equals(Installed.operatorUser()))
            .filter(request -> request.isWrite() && request.namespace().equals(tenant))
            .collect(
                Collectors.groupingBy(
                    request -> request.resource() + "/" + request.name(), Collectors.counting()));
    Map<String, Long> statuses =
        writes.entrySet().stream()
            .filter(each -> each.getKey().startsWith("webhookendpoints/status/"))
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    assertThat(statuses).hasSize(ENDPOINTS);
    assertThat(statuses.values()).allMatch(count -> count <= 2);

    // One object cures them all, without a restart.
    cluster.apply(Manifest.signingSecret(tenant, "missing", ""));
    cluster.eventually("all are Ready", () -> broken(cluster, tenant) == 0);
    cluster.kubectl("delete", "namespace", tenant, "--wait=false").succeeded();
  }

  private static long broken(Installed cluster, String tenant) {
    return cluster
        .client()
        .resources(WebhookEndpoint.class)
        .inNamespace(tenant)
        .list()
        .getItems()
        .stream()
        .filter(endpoint ->
            cluster
                .condition(endpoint.getStatus().conditions(), "Ready")
                .filter(ready -> ready.reason().equals("SigningSecretNotFound"))
                .isPresent())
        .count();
  }
}
