package dev.posthorn.dispatcher.snapshot;

import dev.posthorn.core.config.DispatcherSettings.StaleConfig;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How old the configuration may be: an established watch is fresh, however long nothing changed; a
 * broken one ages. Immutable.
 *
 * @param since when the watch was last known to be live; null while it is
 */
public record Staleness(@Nullable Instant since) {
  /** The watch is live, or there is none that could break. */
  public static final Staleness FRESH = new Staleness(null);

  /** Older than this is worth a warning. */
  static final Duration WARN = Duration.ofSeconds(60);

  /** What follows from an age. */
  public enum Verdict {
    /** Nothing. */
    FRESH,
    /** People should know. */
    AGED,
    /** Nothing may be sent: a revocation may have been missed. */
    HELD
  }

  /** After a look at the watch at {@code now}. */
  Staleness looked(boolean live, Instant now) {
    if (live) {
      return FRESH;
    }
    return since == null ? new Staleness(now) : this;
  }

  /** How long the watch has been broken; a clock that was set back makes no negative age. */
  public Duration age(Instant now) {
    return since == null || now.isBefore(since) ? Duration.ZERO : Duration.between(since, now);
  }

  /** What follows at {@code now}. */
  public Verdict at(Instant now, StaleConfig settings) {
    Duration age = age(now);
    boolean holds = settings.mode() == StaleConfig.Mode.HOLD;
    if (holds && age.toSeconds() >= settings.holdAfterSeconds()) {
      return Verdict.HELD;
    }
    return age.compareTo(WARN) > 0 ? Verdict.AGED : Verdict.FRESH;
  }
}
