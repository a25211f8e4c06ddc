package dev.posthorn.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.posthorn.dispatcher.store.PostgresProcess;
import dev.posthorn.e2e.fixture.Http;
import dev.posthorn.e2e.fixture.Received;
import dev.posthorn.e2e.fixture.Receiver;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.net.ConnectException;
import java.net.Socket;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Pods that take events apart from pods that send them. */
class GatewaysIT {
  private final PostgresProcess server = PostgresProcess.durable();
  private final List<Received> kept = Receiver.list();

  @Test
  void gatewaysTakeWorkersSendAndAllInOnePodsTakeOver() throws Exception {
    Installed cluster = Installed.get();
    var dispatcher = new StoredDispatcher(cluster, cluster.tenant("gateways"));
    dispatcher.start(server, "gateways: {}\nworkers: {replicas: 2}");
    try (Receiver receiver = Receiver.keeping(kept)) {
      dispatcher.endpoint(receiver);
      Pod gateway = dispatcher.pods("gateway").getFirst();
      assertThat(dispatcher.pods("worker")).hasSize(2);
      assertThat(dispatcher.found().getStatus().readyPods()).isEqualTo(3);
      cluster.eventually("the workers have all lanes", () -> lanes(dispatcher) == 64);
      assertThat(lanes(cluster, gateway)).isZero();
      workersTakeNoCalls(dispatcher);

      Http api = cluster.api(gateway, dispatcher.namespace(), "shop");
      String id = api.accepted(dispatcher.namespace(), "order.paid", "{\"total\": 12}");
      cluster.eventually("a delivery", () -> arrived(id));
      killedWorkersAreSucceeded(dispatcher, api);
      allInOne(dispatcher);
      assertThat(kept).as("three, and one that was perhaps under way").hasSizeBetween(3, 4);
    }
  }

  /** Perhaps twice: the death of its worker may come before the record of an arrival. */
  private boolean arrived(String id) {
    return kept.stream().anyMatch(each -> each.eventId().equals(id));
  }

  private void killedWorkersAreSucceeded(StoredDispatcher dispatcher, Http api) throws Exception {
    Installed cluster = dispatcher.cluster();
    dispatcher.pods("worker").forEach(cluster.kubelet()::crash);
    String id = api.accepted(dispatcher.namespace(), "order.paid", "{\"total\": 13}");
    cluster.eventually("a delivery by their successors", () -> arrived(id));
  }

  /** Without gateways each pod does everything, and what made up the others is gone. */
  private void allInOne(StoredDispatcher dispatcher) throws Exception {
    Installed cluster = dispatcher.cluster();
    String namespace = dispatcher.namespace();
    dispatcher.apply("workers: {replicas: 1}");
    cluster.eventually(
        "only all-in-one pods",
        () -> dispatcher.pods("gateway").isEmpty() && dispatcher.pods("worker").isEmpty());
    dispatcher.await("Available", "Available", "it serves");
    assertThat(
            cluster.client().resources(Deployment.class).inNamespace(namespace).list().getItems())
        .extracting(each -> each.getMetadata().getName())
        .containsExactly("hooks-dispatcher");
    String id =
        cluster
            .api(dispatcher.pods("dispatcher").getFirst(), namespace, "shop")
            .accepted(namespace, "order.paid", "{\"total\": 14}");
    cluster.eventually("a delivery by a pod that does all", () -> arrived(id));
  }

  private static void workersTakeNoCalls(StoredDispatcher dispatcher) {
    for (Pod worker : dispatcher.pods("worker")) {
      String address = dispatcher.cluster().kubelet().address(worker);
      ThrowingCallable call = () -> new Socket(address, 8080).close();
      assertThatThrownBy(call).isInstanceOf(ConnectException.class);
    }
  }

  private static double lanes(StoredDispatcher dispatcher) {
    return dispatcher.pods("worker").stream()
        .mapToDouble(pod -> lanes(dispatcher.cluster(), pod))
        .sum();
  }

  private static double lanes(Installed cluster, Pod pod) {
    return cluster.management(pod).metric("posthorn_lanes_owned");
  }
}
