package dev.posthorn.core.keyring;

import dev.posthorn.crds.Reason;
import dev.posthorn.crds.SigningSecretSpec;
import dev.posthorn.crds.SigningSecretSpec.Generate;
import dev.posthorn.crds.SigningSecretSpec.Revocation;
import dev.posthorn.crds.SigningSecretSpec.Rotation;
import dev.posthorn.crds.SigningSecretSpec.WhenActiveRevoked;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Decides what becomes of a keyring. Wishes are level-based: planning again with the same wishes
 * changes nothing, however often and from whatever backup they come.
 */
public final class KeyringPlanner {
  /** Every pod has a new key by then; one that does not still signs with the former. */
  private static final Duration PROPAGATION = Duration.ofSeconds(10);

  /** How long the material of an expired key may still be asked for. */
  private static final Duration RETENTION = Duration.ofHours(24);

  private final SigningSecretSpec spec;
  private final @Nullable KeyMaterial referenced;
  private final Optional<KeyringFinding> skew;
  private final RandomGenerator random;

  private KeyringPlanner(
      SigningSecretSpec spec,
      @Nullable KeyMaterial referenced,
      Optional<KeyringFinding> skew,
      RandomGenerator random) {
    this.spec = spec;
    this.referenced = referenced;
    this.skew = skew;
    this.random = random;
  }

  /**
   * The keyring as it must be at {@code now}. It shares material with {@code keyring}.
   *
   * @param referenced content of the Secret that {@code secretRef} or {@code generate.firstFrom}
   *     names; absent if it is not there
   * @param keyring as stored; absent if there never was one
   * @param at now; beside a server's clock that says something else no key begins
   * @param random makes keys and ids: a {@code SecureRandom} outside tests
   */
  public static Plan plan(
      SigningSecretSpec spec,
      @Nullable KeyMaterial referenced,
      @Nullable Keyring keyring,
      PlanTime at,
      RandomGenerator random) {
    var planner = new KeyringPlanner(spec, referenced, at.skew(), random);
    Instant time = planTime(keyring, at.now());
    return keyring == null ? planner.first(time) : planner.next(new Draft(keyring, time), at.now());
  }

  /** The same by a clock that nothing can be compared with. */
  public static Plan plan(
      SigningSecretSpec spec,
      @Nullable KeyMaterial referenced,
      @Nullable Keyring keyring,
      Instant now,
      RandomGenerator random) {
    return plan(spec, referenced, keyring, PlanTime.at(now), random);
  }

  /** The time that a plan at {@code now} is made for: whole milliseconds, never back. */
  public static Instant planTime(@Nullable Keyring keyring, Instant now) {
    Instant whole = now.truncatedTo(ChronoUnit.MILLIS);
    return keyring != null && keyring.observedTime().isAfter(whole)
        ? keyring.observedTime()
        : whole;
  }

  private Plan first(Instant now) {
    if (skew.isPresent()) {
      return new Plan(null, null, null, List.of(skew.get()));
    }
    String source = source();
    if (source != null && referenced == null) {
      return new Plan(null, null, null, List.of(sourceNotFound(source)));
    }
    if (source != null && empty(referenced)) {
      return new Plan(null, null, null, List.of(sourceEmpty(source)));
    }
    var id = new byte[16];
    random.nextBytes(id);
    var none =
        new Keyring(
            HexFormat.of().formatHex(id), 0, now, spec.algorithm().name(), List.of(), List.of());
    var draft = new Draft(none, now);
    draft.add(referenced != null && source != null ? referenced : generated(), now, random);
    return planned(draft, null);
  }

  /** Field of the reference that version 1 comes from; null: it is generated. */
  private @Nullable String source() {
    if (spec.secretRef() != null) {
      return "spec.secretRef";
    }
    return generate().firstFrom() != null ? "spec.generate.firstFrom" : null;
  }

  /** Revocations and acknowledgements do not wait for a clock; a rotation does. */
  private Plan next(Draft draft, Instant clock) {
    revoke(draft); // first: material that goes now still tells what must not come back
    removeMaterial(draft);
    acknowledge(draft);
    if (skew.isPresent()) {
      draft.tell(skew.get());
      return planned(draft, null);
    }
    if (spec.secretRef() == null) {
      Optional<KeyringFinding> behind =
          clock.isBefore(draft.now())
              ? ClockSkew.between(clock, draft.now(), "the keyring's last write")
              : Optional.empty();
      behind.ifPresentOrElse(draft::tell, () -> rotate(draft));
      return planned(draft, behind.map(_ -> draft.now()).orElse(null));
    }
    follow(draft);
    acknowledge(draft); // a key that came back just now may be the one that was acknowledged
    return planned(draft, null);
  }

  private static void removeMaterial(Draft draft) {
    draft.send(
        KeyMessage.RetentionOver,
        draft.now(),
        version -> retentionEnd(version).filter(end -> !end.isAfter(draft.now())).isPresent());
  }

  private static Optional<Instant> retentionEnd(KeyVersion version) {
    return version.material() == null
        ? Optional.empty()
        : Optional.ofNullable(version.times().expiresTime()).map(end -> end.plus(RETENTION));
  }

  private void revoke(Draft draft) {
    Revocation revocation = spec.revocation();
    if (revocation == null) {
      return;
    }
    for (String keyId : revocation.keyIds()) {
      known(keyId, "spec.revocation.keyIds", draft);
    }
    Optional<Instant> createdBefore =
        time(revocation.createdBefore(), "spec.revocation.createdBefore", draft)
            .filter(time -> !time.isAfter(draft.now()));
    Optional<KeyVersion> current = draft.current();
    boolean signed = current.filter(version -> draft.state(version) != KeyState.Staged).isPresent();
    boolean awaited = draft.awaited().isPresent();
    draft.send(
        KeyMessage.Revoked,
        draft.now(),
        version ->
            revocation.keyIds().contains(version.keyId())
                || createdBefore.filter(version.createdTime()::isBefore).isPresent());
    if (current.isPresent() && draft.current().isEmpty()) {
      succeed(draft, revocation.whenActiveRevoked(), signed || awaited);
    } else if (revocation.whenActiveRevoked() == WhenActiveRevoked.ContinueWithNew) {
      draft.awaited().ifPresent(version -> acknowledge(version, draft));
    }
  }

  private WhenActiveRevoked whenActiveRevoked() {
    Revocation revocation = spec.revocation();
    return revocation == null
        ? WhenActiveRevoked.PauseUntilAcknowledged
        : revocation.whenActiveRevoked();
  }

  /** The current key was revoked. A key that never signed leaves no receiver to wait for. */
  private void succeed(Draft draft, WhenActiveRevoked wish, boolean receiversHadIt) {
    if (spec.secretRef() != null) {
      hold(draft);
    } else if (wish == WhenActiveRevoked.PauseUntilAcknowledged && receiversHadIt) {
      hold(draft);
      draft.add(generated(), null, random);
    } else {
      draft.add(generated(), draft.now(), random);
    }
  }

  private static void hold(Draft draft) {
    draft.send(KeyMessage.Held, draft.now(), version -> true);
  }

  private void acknowledge(Draft draft) {
    String keyId = spec.rotation().acknowledgedKeyId();
    if (keyId != null && known(keyId, "spec.rotation.acknowledgedKeyId", draft)) {
      draft
          .find(keyId)
          .filter(version -> version.times().revokedTime() == null)
          .ifPresent(version -> acknowledge(version, draft));
    }
  }

  private static void acknowledge(KeyVersion acknowledged, Draft draft) {
    draft.send(KeyMessage.Acknowledged, draft.now(), acknowledged::equals);
    // Looked up again: it may have begun just now. What does not sign yet closes nothing.
    KeyVersion begun = draft.find(acknowledged.keyId()).orElse(acknowledged);
    Instant since = begun.times().notBefore();
    if (since != null && begun.times().signsAt(draft.now())) {
      draft.send(
          KeyMessage.SuccessorAcknowledged,
          draft.now(),
          version -> isOlder(version.times(), since));
    }
  }

  private static boolean isOlder(KeyTimes times, Instant since) {
    return times.notBefore() != null && times.notBefore().isBefore(since);
  }

  private void rotate(Draft draft) {
    if (draft.current().isEmpty()) {
      succeed(draft, whenActiveRevoked(), true); // a brought key was revoked; now we make them
      return;
    }
    if (draft.awaited().isPresent()) {
      return; // the successor of a revoked key is on its way: another one would only confuse
    }
    if (dueTimes(draft).anyMatch(due -> !due.isAfter(draft.now())) && mayOverlap(draft, 0)) {
      Instant begin = draft.now().plus(PROPAGATION);
      supersede(draft, begin);
      draft.add(generated(), begin, random);
    }
  }

  /** When a new key is wished for that the newest one does not already fulfil. */
  private Stream<Instant> dueTimes(Draft draft) {
    Optional<Instant> created = draft.newest().map(KeyVersion::createdTime);
    if (created.isEmpty() || spec.secretRef() != null) {
      return Stream.empty();
    }
    Rotation rotation = spec.rotation();
    Optional<Instant> wished =
        time(rotation.rotateAfter(), "spec.rotation.rotateAfter", draft)
            .filter(created.get()::isBefore);
    Optional<Instant> interval =
        Optional.ofNullable(rotation.intervalSeconds()).map(created.get()::plusSeconds);
    return Stream.of(wished, interval).flatMap(Optional::stream);
  }

  private void supersede(Draft draft, Instant begin) {
    Instant end = begin.plusSeconds(spec.rotation().overlapSeconds());
    draft.current().ifPresent(c -> draft.send(KeyMessage.Superseded, end, c::equals));
  }

  /** Whether one more key may overlap, after {@code leaving} ones have stopped to. */
  private boolean mayOverlap(Draft draft, int leaving) {
    List<KeyVersion> overlapping = draft.overlapping();
    int max = spec.rotation().maxOverlapping();
    if (draft.current().isEmpty() || overlapping.size() - leaving < max) {
      return true;
    }
    Instant earliest =
        overlapping.stream()
            .map(version -> version.times().expiresTime())
            .filter(Objects::nonNull)
            .min(Instant::compareTo)
            .orElse(draft.now());
    draft.tell(
        Reason.MaxOverlapReached,
        "spec.rotation.maxOverlapping",
        "rotation refused: "
            + overlapping.size()
            + " former keys still overlap and maxOverlapping is "
            + max
            + "; the earliest ends at "
            + earliest
            + ": wait for it, or name the newest key in acknowledgedKeyId");
    return false;
  }

  /** The customer's own key: a change of its content is the rotation. */
  private void follow(Draft draft) {
    if (spec.rotation().rotateAfter() != null) {
      draft.tell(
          Reason.NothingToDo,
          "spec.rotation.rotateAfter",
          "a brought key rotates when its Secret changes: put the new key there");
    }
    KeyMaterial brought = referenced;
    if (brought == null) {
      draft.tell(sourceNotFound("spec.secretRef"));
    } else if (empty(brought)) {
      draft.tell(sourceEmpty("spec.secretRef"));
    } else if (draft.isRevoked(brought)) {
      draft.tell(
          Reason.SourceNotFound,
          "spec.secretRef",
          "the Secret holds a key that was revoked: put a new key into it; until then deliveries"
              + " wait, unless another key is in force");
    } else {
      take(brought, draft);
    }
  }

  private void take(KeyMaterial brought, Draft draft) {
    if (draft.current().filter(version -> version.holds(brought)).isPresent()) {
      return;
    }
    Optional<KeyVersion> former =
        draft.versions().stream().filter(version -> version.holds(brought)).findFirst();
    int leaving = former.filter(draft.overlapping()::contains).isPresent() ? 1 : 0;
    if (!mayOverlap(draft, leaving)) {
      return;
    }
    supersede(draft, draft.now());
    if (former.isPresent()) {
      draft.send(KeyMessage.Returned, draft.now(), former.get()::equals);
    } else {
      draft.add(brought, draft.now(), random);
    }
  }

  /** {@code again} = when the clock has caught up with a rotation that waits for it. */
  private Plan planned(Draft draft, @Nullable Instant again) {
    Instant now = draft.now();
    boolean waits = draft.awaited().isPresent();
    Optional<Instant> rotation = waits ? Optional.empty() : dueTimes(draft).min(Instant::compareTo);
    var wakeUps = new ArrayList<Instant>();
    rotation.ifPresent(wakeUps::add);
    Optional.ofNullable(spec.revocation())
        .flatMap(r -> parsed(r.createdBefore()))
        .ifPresent(wakeUps::add);
    for (KeyVersion version : draft.versions()) {
      Optional.ofNullable(version.times().notBefore()).ifPresent(wakeUps::add);
      Optional.ofNullable(version.times().expiresTime()).ifPresent(wakeUps::add);
      retentionEnd(version).ifPresent(wakeUps::add);
    }
    Instant next =
        Stream.concat(wakeUps.stream().filter(now::isBefore), Stream.ofNullable(again))
            .min(Instant::compareTo)
            .orElse(null);
    return new Plan(
        draft.keyring(),
        rotation.orElse(null),
        next,
        draft.findings().stream().distinct().toList());
  }

  private KeyMaterial generated() {
    return KeyGenerator.generate(spec.algorithm(), generate(), random);
  }

  /** Absent beside {@code secretRef}, where nothing is generated. */
  private Generate generate() {
    return Objects.requireNonNull(spec.generate(), "generate is filled in without secretRef");
  }

  private static boolean known(String keyId, String field, Draft draft) {
    boolean known = draft.find(keyId).isPresent();
    if (!known) {
      draft.tell(
          Reason.UnknownKeyId,
          field,
          "no key has the id " + keyId + ": status.versions lists those there are");
    }
    return known;
  }

  private static Optional<Instant> time(@Nullable String text, String field, Draft draft) {
    Optional<Instant> time = parsed(text);
    if (text != null && time.isEmpty()) {
      draft.tell(
          Reason.NothingToDo,
          field,
          "\"" + text + "\" is not a time: write it as 2026-11-22T10:00:00Z");
    }
    return time;
  }

  private static Optional<Instant> parsed(@Nullable String text) {
    try {
      return Optional.ofNullable(text).map(t -> OffsetDateTime.parse(t).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static boolean empty(@Nullable KeyMaterial material) {
    return material == null || material.length() == 0;
  }

  private static KeyringFinding sourceNotFound(String field) {
    return new KeyringFinding(
        Reason.SourceNotFound,
        field,
        "the Secret or its entry is not there: create it with the key; keys in force go on signing");
  }

  private static KeyringFinding sourceEmpty(String field) {
    return new KeyringFinding(
        Reason.SourceNotFound, field, "the Secret's entry is empty: put the key into it");
  }
}
