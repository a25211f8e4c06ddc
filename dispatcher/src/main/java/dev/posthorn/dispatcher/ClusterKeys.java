package dev.posthorn.dispatcher;

import dev.posthorn.core.config.KeyAuthority;
import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.keyring.KeyWish;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/**
 * The keyrings of a cluster are the operator's. A revocation holds here already, and the operator
 * reads of it; other wishes belong into the resource.
 */
record ClusterKeys(InstantSource clock) implements KeyAuthority {
  @Override
  public Answer carryOut(ResourceName signingSecret, KeyWish wish) {
    return switch (wish) {
      case KeyWish.Revoke _ -> new Answer.Done();
      case KeyWish.Rotate _ ->
          write(
              signingSecret,
              "\"rotateAfter\":\"" + clock.instant().truncatedTo(ChronoUnit.SECONDS) + "\"");
      case KeyWish.Acknowledge(String keyId) ->
          write(signingSecret, "\"acknowledgedKeyId\":\"" + keyId + "\"");
    };
  }

  private static Answer write(ResourceName signingSecret, String rotation) {
    return new Answer.Unavailable(
        "in a cluster this is a wish of the resource: kubectl -n %s patch signingsecret %s --type=merge -p '{\"spec\":{\"rotation\":{%s}}}' (or change it where Git keeps it)"
            .formatted(signingSecret.namespace(), signingSecret.name(), rotation));
  }
}
