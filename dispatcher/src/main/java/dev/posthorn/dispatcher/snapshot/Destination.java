package dev.posthorn.dispatcher.snapshot;

import dev.posthorn.core.config.EndpointConfig;
import dev.posthorn.core.expression.Filter;
import dev.posthorn.core.expression.Transform;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An endpoint ready to be sent to. Immutable, any thread.
 *
 * @param number its number in the store
 * @param config what was declared
 * @param filter compiled
 * @param transform compiled
 * @param signers how its requests are signed, in the order declared
 */
public record Destination(
    int number,
    EndpointConfig config,
    Optional<Filter> filter,
    Optional<Transform> transform,
    List<RequestSigner> signers) {

  /** Whether none of the keys that signed a request was revoked since. */
  public boolean hasKeys(List<String> keyIds) {
    return keyIds.stream()
        .allMatch(keyId -> signers.stream().anyMatch(signer -> signer.has(keyId)));
  }

  /** Whether every one of its signatures can be made at {@code t}. */
  public boolean signableAt(Instant t) {
    return signers.stream().allMatch(signer -> signer.readyAt(t));
  }
}
