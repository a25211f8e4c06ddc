package dev.posthorn.dispatcher.snapshot;

import dev.posthorn.core.config.DispatcherSettings.StaleConfig;
import java.time.Duration;
import java.time.Instant;

/**
 * How old the configuration may be: an established watch is fresh, however long nothing changed; a
 * broken one ages. Immutable.
 *
 * @param live whether the watch was live at the last look
 * @param lastLive the last look at which it was; before the first one, the start
 */
public record Staleness(boolean live, Instant lastLive) {
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
  Staleness looked(boolean watching, Instant now) {
    return new Staleness(watching, watching ? now : lastLive);
  }

  /** How long the watch has been broken; a clock that was set back makes no negative age. */
  public Duration age(Instant now) {
    return live || now.isBefore(lastLive) ? Duration.ZERO : Duration.between(lastLive, now);
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
