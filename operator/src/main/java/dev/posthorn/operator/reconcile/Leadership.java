package dev.posthorn.operator.reconcile;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which process leads. Losing the lease ends the process: what it was about to write was decided
 * under a right that it has no more. Stopping gives the lease back, so that the next process leads
 * after seconds and not after the lease's time.
 */
final class Leadership {
  private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);
  private static final String LEASE = "posthorn-operator";

  private final KubernetesClient client;
  private final String namespace;
  private final String identity;
  private final Runnable started;
  private final Consumer<Throwable> failed;
  private volatile boolean leading;
  private volatile boolean stopping;

  /**
   * Not yet leading.
   *
   * @param started called when this process begins to lead
   * @param failed told when it has lost the lease
   */
  Leadership(
      KubernetesClient client,
      String namespace,
      String identity,
      Runnable started,
      Consumer<Throwable> failed) {
    this.client = client;
    this.namespace = namespace;
    this.identity = identity;
    this.started = started;
    this.failed = failed;
  }

  LeaderElectionConfiguration configuration() {
    return LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(LEASE)
        .withLeaseNamespace(namespace)
        .withIdentity(identity)
        .withExitOnStopLeading(false)
        .withLeaderCallbacks(new LeaderCallbacks(this::begin, this::end, this::other))
        .build();
  }

  boolean leads() {
    return leading;
  }

  private void begin() {
    leading = true;
    LOG.atInfo().addKeyValue("identity", identity).log("This process leads from now on.");
    started.run();
  }

  private void end() {
    boolean led = leading;
    leading = false;
    if (led && !stopping) {
      failed.accept(new IllegalStateException("the lease " + LEASE + " was lost"));
    }
  }

  private void other(String leader) {
    LOG.atInfo().addKeyValue("leader", leader).log("Another process leads now.");
  }

  /** Stops by {@code stop}, then gives the lease back if it is ours. */
  void resign(Runnable stop) {
    stopping = true;
    boolean led = leading;
    stop.run();
    if (led) {
      release();
    }
  }

  private void release() {
    try {
      var lease = client.leases().inNamespace(namespace).withName(LEASE);
      Lease held = lease.get();
      if (held != null && identity.equals(held.getSpec().getHolderIdentity())) {
        held.getSpec().setHolderIdentity("");
        client.leases().inNamespace(namespace).resource(held).update();
      }
    } catch (KubernetesClientException e) {
      LOG.atInfo()
          .addKeyValue("code", e.getCode())
          .log("The lease could not be given back; the next process waits until it has run out.");
    }
  }
}
