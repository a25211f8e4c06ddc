package dev.posthorn.dispatcher;

import dev.posthorn.core.config.DispatcherSettings;
import dev.posthorn.dispatcher.store.Retention;
import java.time.Duration;

/** Retention as the store sees it. */
final class Kept {
  private Kept() {}

  static Retention of(DispatcherSettings.Retention wanted) {
    return new Retention(
        Duration.ofDays(wanted.payloadDays()),
        Duration.ofDays(wanted.logDays()),
        Duration.ofDays(wanted.auditDays()),
        wanted.maxBytes(),
        Retention.DEFAULT.dedupeKeys());
  }
}
