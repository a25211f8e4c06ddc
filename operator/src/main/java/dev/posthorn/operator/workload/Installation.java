package dev.posthorn.operator.workload;

import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.egress.EgressPolicy;
import dev.posthorn.crds.DispatcherSpec;
import java.util.List;
import java.util.Objects;

/**
 * All that the objects of a Dispatcher are made from.
 *
 * @param name of the Dispatcher
 * @param uid of the Dispatcher
 * @param spec of the Dispatcher
 * @param egress what its pods may reach
 * @param operatorImage that is run where the spec names none
 * @param operatorNamespace from where the pods are asked
 * @param apiServers addresses of the API server; empty where they are not known
 * @param store what opens the store
 * @param brokers servers of the streams that the pods read
 */
public record Installation(
    ResourceName name,
    String uid,
    DispatcherSpec spec,
    EgressPolicy egress,
    String operatorImage,
    String operatorNamespace,
    List<Address> apiServers,
    StoreAccess store,
    List<Address> brokers) {
  /** Copies the lists. */
  public Installation {
    apiServers = List.copyOf(apiServers);
    brokers = List.copyOf(brokers);
  }

  /** A server: an address or a name, and a port. */
  public record Address(String host, int port) {}

  String namespace() {
    return name.namespace();
  }

  String image() {
    return Objects.requireNonNullElse(spec.image(), operatorImage);
  }

  boolean usesPostgres() {
    return spec.store().postgres() != null;
  }
}
