package dev.posthorn.core.keyring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.crds.Reason;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A keyring through time: plans, stores what the plan says, and lets time pass. */
final class Story {
  static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

  private final Random random;
  private Wishes wishes;
  private @Nullable KeyMaterial referenced;
  private @Nullable Keyring keyring;
  private Instant now = NOON;
  private Plan plan = new Plan(null, null, null, List.of());
  private @Nullable Duration serverAhead;

  private Story(Wishes wishes, @Nullable KeyMaterial referenced, long seed) {
    this.wishes = wishes;
    this.referenced = referenced;
    this.random = new Random(seed);
  }

  static Story of(Wishes wishes) {
    return new Story(wishes, null, 1).plan();
  }

  static Story of(Wishes wishes, String referenced) {
    return new Story(wishes, material(referenced), 1).plan();
  }

  static Story seeded(Wishes wishes, long seed) {
    return new Story(wishes, null, seed).plan();
  }

  static KeyMaterial material(String text) {
    return KeyMaterial.of(text.getBytes(StandardCharsets.UTF_8));
  }

  Story plan() {
    var time = new PlanTime(now, serverAhead == null ? null : now.plus(serverAhead));
    plan = KeyringPlanner.plan(wishes.spec(), referenced, keyring, time, random);
    keyring = plan.keyring();
    return this;
  }

  /** From now on there is another clock, which is so far ahead. */
  Story serverAhead(Duration difference) {
    serverAhead = difference;
    return plan();
  }

  Story wish(Wishes changed) {
    wishes = changed;
    return plan();
  }

  Story secret(@Nullable String content) {
    referenced = content == null ? null : material(content);
    return plan();
  }

  Story pass(Duration time) {
    now = now.plus(time);
    return plan();
  }

  Story passWithoutPlanning(Duration time) {
    now = now.plus(time);
    return this;
  }

  Instant now() {
    return now;
  }

  Wishes wishes() {
    return wishes;
  }

  Keyring keyring() {
    return Objects.requireNonNull(keyring, "no keyring yet");
  }

  Plan lastPlan() {
    return plan;
  }

  KeyVersion version(int number) {
    return keyring().versions().get(number - 1);
  }

  String id(int number) {
    return version(number).keyId();
  }

  KeyState state(int number) {
    return keyring().stateAt(version(number), now);
  }

  /** Version numbers of the signing set now, newest first. */
  List<Integer> signing() {
    return signingAt(now);
  }

  List<Integer> signingAt(Instant t) {
    return keyring().signingSet().at(t).stream().map(KeyVersion::version).toList();
  }

  Story expectSigning(Integer... newestFirst) {
    assertThat(signing()).containsExactly(newestFirst);
    return this;
  }

  Story expectFinding(Reason reason, String text) {
    assertThat(plan.findings())
        .anySatisfy(finding -> {
          assertThat(finding.reason()).isEqualTo(reason);
          assertThat(finding.message()).contains(text);
        });
    return this;
  }

  Story expectNoFindings() {
    assertThat(plan.findings()).isEmpty();
    return this;
  }
}
