package dev.posthorn.dispatcher.send;

import dev.posthorn.core.config.Tls;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Parsed TLS settings by what was declared; parsing certificates costs far more than a request. */
final class TlsCache {
  /** More than any dispatcher needs; beyond it everything is parsed anew. */
  private static final int MOST = 20_000;

  private final Map<Tls, TlsSettings> parsed = new ConcurrentHashMap<>();

  TlsSettings settings(Tls tls) {
    if (tls.equals(Tls.DEFAULT)) {
      return TlsSettings.DEFAULT;
    }
    if (parsed.size() > MOST) {
      parsed.clear();
    }
    return parsed.computeIfAbsent(tls, TlsCache::parse);
  }

  private static TlsSettings parse(Tls tls) {
    Tls.ClientCertificate client = tls.client();
    return TlsSettings.of(
        tls.caPem(),
        client == null ? null : client.chainPem(),
        client == null ? null : client.keyPem().getBytes(StandardCharsets.US_ASCII),
        switch (tls.minVersion()) {
          case TLS_1_2 -> TlsVersion.TLS_1_2;
          case TLS_1_3 -> TlsVersion.TLS_1_3;
        });
  }
}
