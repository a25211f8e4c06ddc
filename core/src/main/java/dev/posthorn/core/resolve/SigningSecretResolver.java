package dev.posthorn.core.resolve;

import dev.posthorn.core.config.KeysConfig;
import dev.posthorn.core.config.KeysConfig.Cutover;
import dev.posthorn.core.keyring.KeyMaterial;
import dev.posthorn.core.keyring.KeyWish;
import dev.posthorn.core.keyring.Keyring;
import dev.posthorn.core.keyring.KeyringFinding;
import dev.posthorn.core.keyring.KeyringPlanner;
import dev.posthorn.core.keyring.Plan;
import dev.posthorn.core.keyring.PlanTime;
import dev.posthorn.crds.Reason;
import dev.posthorn.crds.SecretKeyRef;
import dev.posthorn.crds.SigningSecretSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A SigningSecret and its keyring -> the keyring as it must be now. For one resolution. */
final class SigningSecretResolver {
  private final Lookup lookup;
  private final PlanTime time;
  private final RandomGenerator random;

  SigningSecretResolver(Lookup lookup, PlanTime time, RandomGenerator random) {
    this.lookup = lookup;
    this.time = time;
    this.random = random;
  }

  /**
   * Plans even where something about the object is refused: a revocation never waits.
   *
   * @param stored the keyring as stored; null if there never was one
   * @param wishes beside those of the object
   */
  Plan plan(
      Resource<SigningSecretSpec> secret,
      @Nullable Keyring stored,
      List<KeyWish> wishes,
      Report report) {
    SigningSecretSpec spec = secret.content();
    for (KeyWish wish : wishes) {
      spec = wish.addTo(spec, KeyringPlanner.planTime(stored, time.now()));
    }
    if (stored != null && !stored.algorithm().equals(spec.algorithm().name())) {
      report.error(
          "spec.algorithm",
          Cause.Refusal.InvalidValue,
          "is immutable and was "
              + stored.algorithm()
              + "; make a new SigningSecret and name it beside this one in signatures");
      return new Plan(stored, null, null, List.of());
    }
    KeyMaterial referenced = referenced(secret, stored, report).orElse(null);
    Plan plan = KeyringPlanner.plan(spec, referenced, stored, time, random);
    for (KeyringFinding finding : plan.findings()) {
      tell(finding, referenced, plan.keyring() != null, report);
    }
    return plan;
  }

  /** What the planner reads: {@code secretRef} always, {@code firstFrom} once. */
  private Optional<KeyMaterial> referenced(
      Resource<SigningSecretSpec> secret, @Nullable Keyring stored, Report report) {
    SecretKeyRef ref = secret.content().secretRef();
    if (ref != null) {
      return material(secret.namespace(), ref, "spec.secretRef", report);
    }
    SigningSecretSpec.Generate generate = secret.content().generate();
    SecretKeyRef first = generate == null ? null : generate.firstFrom();
    return first == null || stored != null
        ? Optional.empty()
        : material(secret.namespace(), first, "spec.generate.firstFrom", report);
  }

  private Optional<KeyMaterial> material(
      String namespace, SecretKeyRef ref, String field, Report report) {
    return lookup
        .entry(Lookup.secret(namespace, ref), ref.key(), field, report)
        .map(bytes -> {
          KeyMaterial material = KeyMaterial.of(bytes);
          Arrays.fill(bytes, (byte) 0);
          return material;
        });
  }

  private static void tell(
      KeyringFinding finding, @Nullable KeyMaterial referenced, boolean keys, Report report) {
    if (finding.reason() == Reason.ClockSkew && !keys) {
      report.error(
          finding.field(), Reason.KeyringMissing, "no first key is made: " + finding.message());
    }
    switch (finding.reason()) {
      case SourceNotFound -> {
        if (referenced != null) {
          report.error(finding.field(), Reason.SourceNotFound, finding.message());
        } // else the look-up has said why, and more precisely
      }
      case NothingToDo, MaxOverlapReached, UnknownKeyId, ClockSkew ->
          report.note(finding.field(), finding.reason(), finding.message());
      default -> report.error(finding.field(), finding.reason(), finding.message());
    }
  }

  static KeysConfig config(Resource<SigningSecretSpec> secret, Keyring keyring) {
    boolean immediately =
        secret.content().rotation().cutover() == SigningSecretSpec.Cutover.Immediately;
    return new KeysConfig(
        secret.ref().name(), keyring, immediately ? Cutover.IMMEDIATELY : Cutover.AT_OVERLAP_END);
  }
}
