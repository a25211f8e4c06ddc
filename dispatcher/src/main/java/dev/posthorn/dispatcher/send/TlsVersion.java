package dev.posthorn.dispatcher.send;

/** The lowest TLS version an endpoint accepts; 1.0 and 1.1 never are (RFC 8996). */
public enum TlsVersion {
  /** TLS 1.2 or 1.3. */
  TLS_1_2,
  /** TLS 1.3 only. */
  TLS_1_3
}
