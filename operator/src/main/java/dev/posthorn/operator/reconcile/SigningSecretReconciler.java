package dev.posthorn.operator.reconcile;

import dev.posthorn.core.config.ConfigObject;
import dev.posthorn.core.config.KeysConfig;
import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.keyring.KeyWish;
import dev.posthorn.core.keyring.Keyring;
import dev.posthorn.core.keyring.Plan;
import dev.posthorn.core.keyring.PlanTime;
import dev.posthorn.core.resolve.ClusterResolver;
import dev.posthorn.core.resolve.Kind;
import dev.posthorn.core.resolve.Resolved;
import dev.posthorn.core.resolve.ResolvedKeys;
import dev.posthorn.core.resolve.Resource;
import dev.posthorn.core.resolve.ResourceRef;
import dev.posthorn.crds.SigningSecret;
import dev.posthorn.crds.SigningSecretSpec;
import dev.posthorn.crds.SigningSecretStatus;
import dev.posthorn.operator.cluster.AsResource;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * SigningSecret -> its keyring, what the Dispatchers of its endpoints sign with, and its status.
 * The keyring is stored before anybody may sign with it: a key that signs must never be forgotten.
 */
final class SigningSecretReconciler implements Reconciler<SigningSecret> {
  private final Parts parts;
  private final SharedPlacing shared;
  private final KeyringHome keyrings;
  private final Verification verification;
  private final RandomGenerator random;

  SigningSecretReconciler(
      Parts parts, KeyringHome keyrings, Verification verification, RandomGenerator random) {
    this.parts = parts;
    this.shared = new SharedPlacing(parts.cache(), parts.placing());
    this.keyrings = keyrings;
    this.verification = verification;
    this.random = random;
  }

  @Override
  public List<EventSource<?, SigningSecret>> prepareEventSources(
      EventSourceContext<SigningSecret> context) {
    return List.of(parts.watches().of(Kind.SIGNING_SECRET));
  }

  @Override
  public UpdateControl<SigningSecret> reconcile(
      SigningSecret secret, Context<SigningSecret> context) {
    return Again.onConflict(() -> run(secret, context));
  }

  private UpdateControl<SigningSecret> run(SigningSecret secret, Context<SigningSecret> context) {
    Resource<SigningSecretSpec> resource = AsResource.of(secret);
    if (context.isPrimaryResourceDeleted()) {
      parts.watches().refers(resource.ref(), Set.of());
      shared.withdraw(
          resource.ref(), ConfigObject.KEYS, parts.watches().users(resource.ref(), parts.cache()));
      return UpdateControl.noUpdate();
    }
    parts.watches().refers(resource.ref(), ClusterResolver.targets(resource));
    Instant now = parts.clock().instant();
    Set<ResourceName> users = parts.watches().users(resource.ref(), parts.cache());
    return switch (keyrings.recover(secret, copy(resource.ref()), now)) {
      case KeyringHome.Recovered.Lost(var why) ->
          report(secret, parts.resolver().lost(resource, why), null, users, context, now);
      case KeyringHome.Recovered.Found found -> plan(secret, resource, found, users, context, now);
    };
  }

  private UpdateControl<SigningSecret> plan(
      SigningSecret secret,
      Resource<SigningSecretSpec> resource,
      KeyringHome.Recovered.Found found,
      Set<ResourceName> users,
      Context<SigningSecret> context,
      Instant now) {
    ResolvedKeys resolved =
        parts
            .resolver()
            .keys(
                resource,
                found.keyring(),
                wishes(found.keyring(), users),
                parts.cache(),
                new PlanTime(now, parts.serverClock().at(now)),
                random);
    Plan plan = resolved.plan();
    if (plan.keyring() != null && !keyrings.store(secret, plan.keyring(), found)) {
      return UpdateControl.noUpdate(); // the SigningSecret is gone
    }
    return report(secret, resolved.keys(), plan, users, context, now);
  }

  /** Revocations that came through a dispatcher's API, and hold there already. */
  private List<KeyWish> wishes(@Nullable Keyring keyring, Set<ResourceName> users) {
    var wishes = new ArrayList<KeyWish>();
    if (keyring != null) {
      for (ResourceName user : users) {
        parts.polls().seen(user).denials(keyring.keyringId()).stream()
            .filter(denial ->
                keyring.versions().stream()
                    .anyMatch(version ->
                        version.keyId().equals(denial.keyId())
                            && version.times().revokedTime() == null))
            .map(denial -> new KeyWish.Revoke(denial.keyId()))
            .forEach(wishes::add);
      }
    }
    return wishes;
  }

  /** What dispatchers sign with, if any do: the newest. */
  private @Nullable Keyring copy(ResourceRef secret) {
    return parts.cache().dispatchers().stream()
        .map(dispatcher -> AsResource.of(dispatcher).ref().name())
        .flatMap(dispatcher ->
            parts
                .placing()
                .stored(dispatcher, ConfigObject.KEYS, secret, KeysConfig.class)
                .stream())
        .map(KeysConfig::keyring)
        .max(Comparator.comparingLong(Keyring::revision))
        .orElse(null);
  }

  private UpdateControl<SigningSecret> report(
      SigningSecret secret,
      Resolved<KeysConfig> resolved,
      @Nullable Plan plan,
      Set<ResourceName> users,
      Context<SigningSecret> context,
      Instant now) {
    ResourceRef ref = AsResource.of(secret).ref();
    Map<ResourceName, Placement> placements =
        shared.place(
            ref, ConfigObject.KEYS, resolved.config(), users, () -> parts.live().exists(secret));
    SigningSecretStatus former = SigningSecretStatuses.former(secret.getStatus());
    Long generation = secret.getMetadata().getGeneration();
    var stated = new ArrayList<>(resolved.conditions().stream().map(Stated::of).toList());
    stated.addAll(verification.store(secret, plan == null ? null : plan.keyring(), now));
    stated.add(shared.programmed(ref, placements, former.conditions(), generation));
    Conditions conditions = Conditions.of(former.conditions(), stated, generation, now);
    SigningSecretStatus next = SigningSecretStatuses.of(secret, plan, conditions, now);
    if (!parts.statuses().write(secret, new SigningSecret(), former, next, context)) {
      return UpdateControl.noUpdate();
    }
    parts.statuses().tell(secret, former.conditions(), conditions.list(), now);
    return Again.after(
        Again.until(
            now,
            conditions.again(),
            plan == null ? null : plan.nextWakeUp(),
            Refusals.again(resolved.findings(), now)));
  }
}
