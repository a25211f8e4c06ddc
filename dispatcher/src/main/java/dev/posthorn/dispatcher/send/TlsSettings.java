package dev.posthorn.dispatcher.send;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an endpoint trusts beside the JDK's authorities and what it presents; equal by content, so
 * that the same settings share connections and others never do. Parsed when made: a wrong PEM shows
 * when the configuration is read, not when sending. Immutable.
 */
public final class TlsSettings {
  /** Trusts the JDK's authorities, presents nothing, TLS 1.2 or newer. */
  public static final TlsSettings DEFAULT = of(null, null, null, TlsVersion.TLS_1_2);

  private final String digest;
  private final List<X509Certificate> trusted;
  private final List<X509Certificate> clientChain;
  private final @Nullable PrivateKey clientKey;
  private final TlsVersion minVersion;

  private TlsSettings(
      String digest,
      List<X509Certificate> trusted,
      List<X509Certificate> clientChain,
      @Nullable PrivateKey clientKey,
      TlsVersion minVersion) {
    this.digest = digest;
    this.trusted = trusted;
    this.clientChain = clientChain;
    this.clientKey = clientKey;
    this.minVersion = minVersion;
  }

  /**
   * Reads what an endpoint's {@code tls} refers to.
   *
   * @param trusted private authorities as PEM, one or many
   * @param clientChain the client certificate as PEM, its intermediates after it
   * @param clientKey its private key as PEM (PKCS #8, PKCS #1 or SEC 1), not encrypted; the array
   *     is neither kept nor wiped
   * @throws IllegalArgumentException naming what cannot be read, and the cure
   */
  public static TlsSettings of(
      @Nullable String trusted,
      @Nullable String clientChain,
      byte @Nullable [] clientKey,
      TlsVersion minVersion) {
    if ((clientChain == null) != (clientKey == null)) {
      throw new IllegalArgumentException(
          "tls.clientCertificateRef needs both tls.crt and tls.key; add the missing one");
    }
    var chain = clientChain == null ? List.<X509Certificate>of() : chain(clientChain);
    return new TlsSettings(
        digest(trusted, clientChain, clientKey, minVersion),
        trusted == null ? List.of() : Pem.certificates("tls.caRef", trusted),
        chain,
        clientKey == null ? null : Pem.privateKey("tls.key", clientKey, chain.getFirst()),
        minVersion);
  }

  List<X509Certificate> trusted() {
    return trusted;
  }

  List<X509Certificate> clientChain() {
    return clientChain;
  }

  @Nullable PrivateKey clientKey() {
    return clientKey;
  }

  TlsVersion minVersion() {
    return minVersion;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other || (other instanceof TlsSettings that && digest.equals(that.digest));
  }

  @Override
  public int hashCode() {
    return digest.hashCode();
  }

  @Override
  public String toString() {
    return "TlsSettings[%d authorities, %s client certificate, %s]"
        .formatted(trusted.size(), clientKey == null ? "no" : "a", minVersion);
  }

  private static List<X509Certificate> chain(String pem) {
    return Pem.certificates("tls.crt", pem);
  }

  private static String digest(
      @Nullable String trusted,
      @Nullable String clientChain,
      byte @Nullable [] clientKey,
      TlsVersion minVersion) {
    try {
      var sha256 = MessageDigest.getInstance("SHA-256");
      for (var part : new @Nullable String[] {trusted, clientChain, minVersion.name()}) {
        var bytes = part == null ? new byte[0] : part.getBytes(StandardCharsets.UTF_8);
        sha256.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
        sha256.update(bytes);
      }
      if (clientKey != null) {
        sha256.update(clientKey);
      }
      return HexFormat.of().formatHex(sha256.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
