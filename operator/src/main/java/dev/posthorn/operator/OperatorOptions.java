package dev.posthorn.operator;

import dev.posthorn.core.keyring.KeyringRecovery.Bootstrap;
import dev.posthorn.operator.reconcile.Controllers;

/**
 * What an operator is started with.
 *
 * @param namespace its own: where the lease is
 * @param identity of this process, among those that may lead; a Pod's name
 * @param image that Dispatchers run which name none
 * @param bootstrap whether a keyring that is not there may be made
 * @param threads that reconcile at once
 */
public record OperatorOptions(
    String namespace, String identity, String image, Bootstrap bootstrap, int threads) {
  Controllers.Settings settings() {
    return new Controllers.Settings(namespace, identity, image, bootstrap, threads);
  }

  /** As many as are enough for ten thousand endpoints on two cores. */
  public static final int THREADS = 20;
}
