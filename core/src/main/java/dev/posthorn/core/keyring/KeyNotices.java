package dev.posthorn.core.keyring;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the notices that a keyring's times give. They follow from the times alone. */
public final class KeyNotices {
  /** Parts of an overlap, in percent, at whose end its former key is spoken of. */
  private static final List<Integer> PERCENT = List.of(50, 80, 100);

  /** A key that has a time to begin, or had one. */
  private record Begun(KeyVersion version, Instant begin) {
    String keyId() {
      return version.keyId();
    }
  }

  private final Keyring keyring;
  private final List<Begun> begun = new ArrayList<>();

  private KeyNotices(Keyring keyring) {
    this.keyring = keyring;
    for (KeyVersion version : keyring.versions()) {
      Instant begin = version.times().notBefore();
      if (begin != null) {
        begun.add(new Begun(version, begin));
      }
    }
    begun.sort(Comparator.comparing(Begun::begin));
  }

  /**
   * The notices that fall due after {@code from} and not after {@code to}, by time. Of one overlap
   * only the last: an overlap that was closed early is told as over, not as half over too.
   */
  public static List<KeyNotice> between(Keyring keyring, Instant from, Instant to) {
    var notices = new KeyNotices(keyring);
    var due = new ArrayList<KeyNotice>();
    notices.beginnings().stream().filter(each -> within(each, from, to)).forEach(due::add);
    notices.revocations().stream().filter(each -> within(each, from, to)).forEach(due::add);
    for (Begun former : notices.begun) {
      notices.overlap(former).stream()
          .filter(each -> !each.time().isAfter(to))
          .max(Comparator.comparing(KeyNotice::time))
          .filter(each -> each.time().isAfter(from))
          .ifPresent(due::add);
    }
    due.sort(Comparator.comparing(KeyNotice::time));
    return due;
  }

  private static boolean within(KeyNotice notice, Instant from, Instant to) {
    return notice.time().isAfter(from) && !notice.time().isAfter(to);
  }

  /** When the next part of an overlap is over after {@code t}; empty if there is none. */
  public static Optional<Instant> nextAfter(Keyring keyring, Instant t) {
    var notices = new KeyNotices(keyring);
    return notices.begun.stream()
        .flatMap(former -> notices.overlap(former).stream())
        .map(KeyNotice::time)
        .filter(time -> time.isAfter(t))
        .min(Comparator.naturalOrder());
  }

  private List<KeyNotice> revocations() {
    return keyring.versions().stream()
        .flatMap(version ->
            Stream.ofNullable(version.times().revokedTime()).map(time -> revoked(version, time)))
        .toList();
  }

  private KeyNotice revoked(KeyVersion version, Instant time) {
    Optional<KeyVersion> next =
        keyring.versions().reversed().stream()
            .filter(each -> each.times().revokedTime() == null)
            .filter(each -> each.times().expiresTime() == null)
            .findFirst();
    String what = version.keyId() + " was revoked and signs nothing since " + time;
    return new KeyNotice(
        KeyNotice.Kind.REVOKED,
        name(version, "revoked"),
        version.keyId(),
        next.map(KeyVersion::keyId).orElse(null),
        time,
        null,
        what + next.map(KeyNotices::afterRevocation).orElse("; deliveries wait for a new key"));
  }

  private static String afterRevocation(KeyVersion next) {
    return next.times().notBefore() == null
        ? "; deliveries wait: give %s to the receiver, then acknowledge it".formatted(next.keyId())
        : "; the receiver needs " + next.keyId();
  }

  /** All but the first key, which nobody had to switch to; those revoked since are told as that. */
  private List<KeyNotice> beginnings() {
    var notices = new ArrayList<KeyNotice>();
    for (int i = 1; i < begun.size(); i++) {
      Begun former = begun.get(i - 1);
      if (begun.get(i).version().times().revokedTime() == null
          && former.begin().isBefore(begun.get(i).begin())) {
        notices.add(rotated(begun.get(i), former));
      }
    }
    return notices;
  }

  private static KeyNotice rotated(Begun fresh, Begun former) {
    Instant end = former.version().times().expiresTime();
    String what = fresh.keyId() + " signs since " + fresh.begin();
    return new KeyNotice(
        KeyNotice.Kind.ROTATED,
        name(fresh.version(), "rotated-" + fresh.begin().toEpochMilli()),
        fresh.keyId(),
        former.keyId(),
        fresh.begin(),
        end,
        end != null && end.isAfter(fresh.begin())
            ? what
                + "; %s signs too until %s: give %s to the receiver before that, and acknowledge it"
                    .formatted(former.keyId(), end, fresh.keyId())
            : what + "; the receiver needs it now, the former key signs no more");
  }

  /** What is said of the time in which a former key signs beside its successor. */
  private List<KeyNotice> overlap(Begun former) {
    KeyTimes times = former.version().times();
    Instant end = times.expiresTime();
    Optional<Begun> successor =
        begun.stream().filter(each -> each.begin().isAfter(former.begin())).findFirst();
    if (end == null
        || times.revokedTime() != null
        || successor.isEmpty()
        || end.isBefore(successor.get().begin())) {
      return List.of();
    }
    return PERCENT.stream()
        .map(percent -> overlapEnding(former, successor.get(), end, percent))
        .toList();
  }

  private static KeyNotice overlapEnding(Begun former, Begun successor, Instant end, int percent) {
    Duration whole = Duration.between(successor.begin(), end);
    boolean over = percent == 100;
    return new KeyNotice(
        KeyNotice.Kind.OVERLAP_ENDING,
        name(former.version(), "overlap-" + percent + "-" + end.toEpochMilli()),
        former.keyId(),
        successor.keyId(),
        successor.begin().plus(whole.multipliedBy(percent).dividedBy(100)),
        over ? null : end,
        over
            ? "%s signs no more since %s: a receiver without %s refuses everything; its material is kept for 24 h"
                .formatted(former.keyId(), end, successor.keyId())
            : "%d %% of the overlap are over: %s signs no more from %s; give %s to the receiver before that, and acknowledge it"
                .formatted(percent, former.keyId(), end, successor.keyId()));
  }

  private static String name(KeyVersion version, String what) {
    return what + "/" + version.keyId();
  }
}
