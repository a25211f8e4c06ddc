package dev.posthorn.core.resolve;

import dev.posthorn.core.config.Configuration;
import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.keyring.Keyring;
import dev.posthorn.core.keyring.KeyringFinding;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What resources come to.
 *
 * @param configuration what is in effect from now on
 * @param changedKeyrings to be stored first, before the configuration is published: a key that
 *     signs must never be forgotten
 * @param refusals why nothing came of a {@link Known#wishes() wish}, by SigningSecret
 * @param nextWakeUp when to resolve again though nothing has changed, because a key's time comes;
 *     null = never
 * @param findings in the order of the kinds and objects
 * @param conditions what it means for each object
 * @param references which object refers to which
 */
public record Resolution(
    Configuration configuration,
    Map<ResourceName, Keyring> changedKeyrings,
    Map<ResourceName, KeyringFinding> refusals,
    @Nullable Instant nextWakeUp,
    List<Finding> findings,
    Map<ResourceRef, List<ObjectCondition>> conditions,
    References references) {
  /** Copies lists and maps. */
  public Resolution {
    changedKeyrings = Map.copyOf(changedKeyrings);
    refusals = Map.copyOf(refusals);
    findings = List.copyOf(findings);
    conditions = Map.copyOf(conditions);
  }

  /** Whether some object does not come into effect as it is written. */
  public boolean hasErrors() {
    return findings.stream().anyMatch(Finding::isError);
  }
}
