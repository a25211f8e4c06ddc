package dev.posthorn.operator.cluster;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/** Where the API server is, by the EndpointSlice of its Service. Thread-safe; blocks. */
public record ApiServers(KubernetesClient client) {
  /** An address and a port. */
  public record Address(String host, int port) {}

  /** All of them, sorted; empty where the cluster does not say. */
  public List<Address> addresses() {
    return client
        .discovery()
        .v1()
        .endpointSlices()
        .inNamespace("default")
        .withLabel("kubernetes.io/service-name", "kubernetes")
        .list()
        .getItems()
        .stream()
        .flatMap(slice ->
            slice.getEndpoints().stream()
                .flatMap(endpoint -> endpoint.getAddresses().stream())
                .flatMap(host ->
                    slice.getPorts().stream()
                        .map(port -> port.getPort())
                        .filter(Objects::nonNull)
                        .map(port -> new Address(host, port))))
        .distinct()
        .sorted(Comparator.comparing(Address::toString))
        .toList();
  }
}
