package dev.posthorn.core.config;

import org.jspecify.annotations.Nullable;

/**
 * What an endpoint's server is trusted by, and what is presented to it.
 *
 * @param caPem certificates (PEM) trusted besides the public ones; null for those alone
 * @param client what is presented (mutual TLS); null for nothing
 * @param minVersion the oldest protocol spoken
 */
public record Tls(@Nullable String caPem, @Nullable ClientCertificate client, Version minVersion) {
  /** Public certificates, nothing presented, TLS 1.2 and later. */
  public static final Tls DEFAULT = new Tls(null, null, Version.TLS_1_2);

  /** A protocol version. */
  public enum Version {
    /** RFC 5246. */
    TLS_1_2("TLSv1.2"),
    /** RFC 8446. */
    TLS_1_3("TLSv1.3");

    private final String protocol;

    Version(String protocol) {
      this.protocol = protocol;
    }

    /** The name in resources, which is the JDK's too. */
    public String protocol() {
      return protocol;
    }
  }

  /**
   * A client certificate; {@code toString} does not show it.
   *
   * @param chainPem the certificate and those that vouch for it (PEM)
   * @param keyPem its private key (PKCS #8, PEM)
   */
  public record ClientCertificate(String chainPem, String keyPem) {
    @Override
    public String toString() {
      return "ClientCertificate[masked]";
    }
  }

  @Override
  public String toString() {
    return "Tls[ca="
        + (caPem == null ? "public" : "own")
        + ", client="
        + (client == null ? "none" : "given")
        + ", minVersion="
        + minVersion.protocol()
        + "]";
  }
}
