package dev.posthorn.dispatcher;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.posthorn.core.config.KeysConfig;
import dev.posthorn.core.event.PublishedEvent;
import dev.posthorn.core.keyring.KeyNotice;
import dev.posthorn.core.keyring.KeyNotices;
import dev.posthorn.dispatcher.accept.EventAcceptor;
import dev.posthorn.dispatcher.accept.SystemEvents;
import dev.posthorn.dispatcher.snapshot.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells the owners of receivers about their keys, as system events of their tenant: each notice
 * once, whatever happens to the process. For the one thread of {@link KeyWatch}.
 */
final class KeyAnnouncer {
  /** What fell due longer ago is news no more: the store is younger than the keys then. */
  private static final Duration NEWS = Duration.ofDays(2);

  private static final Duration AGAIN = Duration.ofSeconds(1);

  private final EventAcceptor acceptor;

  /** What was told by this process, so that the store is not asked each time. */
  private final Map<String, Instant> told = new HashMap<>();

  private @Nullable Instant nextTime;

  KeyAnnouncer(EventAcceptor acceptor) {
    this.acceptor = acceptor;
  }

  /** Tells what is due at {@code now}. */
  void announce(Snapshot snapshot, Instant now) {
    Instant oldest = now.minus(NEWS);
    told.values().removeIf(oldest::isAfter);
    boolean all = true;
    for (KeysConfig keys : snapshot.keys()) {
      String tenant = snapshot.tenantOf(keys.name()).orElse(null);
      List<KeyNotice> due =
          tenant == null ? List.of() : KeyNotices.between(keys.keyring(), oldest, now);
      for (KeyNotice notice : due) {
        all &= tell(keys, notice, String.valueOf(tenant));
      }
    }
    nextTime =
        all
            ? snapshot.keys().stream()
                .flatMap(keys -> KeyNotices.nextAfter(keys.keyring(), now).stream())
                .min(Comparator.naturalOrder())
                .orElse(null)
            : now.plus(AGAIN);
  }

  /** When the next one falls due, or one that could not be stored is tried again; null for none. */
  @Nullable Instant nextTime() {
    return nextTime;
  }

  private boolean tell(KeysConfig keys, KeyNotice notice, String tenant) {
    String name = keys.keyring().keyringId() + "/" + notice.name();
    if (told.containsKey(name)) {
      return true;
    }
    boolean stored = acceptor.announce(event(keys, notice, tenant), name);
    if (stored) {
      told.put(name, notice.time());
    }
    return stored;
  }

  private static PublishedEvent event(KeysConfig keys, KeyNotice notice, String tenant) {
    ObjectNode data = SystemEvents.data();
    data.put("tenant", tenant);
    data.put("signingSecret", keys.name().name());
    data.put("keyId", notice.keyId());
    if (notice.otherKeyId() != null) {
      data.put(
          notice.kind() == KeyNotice.Kind.ROTATED ? "formerKeyId" : "nextKeyId",
          notice.otherKeyId());
    }
    data.put("time", notice.time().toString());
    if (notice.endTime() != null) {
      data.put("endTime", notice.endTime().toString());
    }
    data.put("message", notice.message());
    return SystemEvents.of(
        tenant,
        notice.kind().eventType(),
        "SigningSecret/" + keys.name().name(),
        notice.time(),
        data);
  }
}
