package dev.posthorn.dispatcher.send;

import java.util.concurrent.ConcurrentHashMap;

/** One {@link TlsContext} per settings, by content; made on first use. Any thread. */
final class TlsContexts {
  /** A renewed certificate leaves its old context behind, so from time to time all are dropped. */
  private static final int MAX = 4_096;

  private final ConcurrentHashMap<TlsSettings, TlsContext> contexts = new ConcurrentHashMap<>();

  TlsContext get(TlsSettings settings) {
    var known = contexts.get(settings);
    if (known != null) {
      return known;
    }
    if (contexts.size() >= MAX) {
      contexts.clear();
    }
    return contexts.computeIfAbsent(settings, TlsContext::of);
  }
}
