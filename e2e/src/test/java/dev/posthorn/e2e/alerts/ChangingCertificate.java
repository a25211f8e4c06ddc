package dev.posthorn.e2e.alerts;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import okhttp3.tls.HeldCertificate;
import org.jspecify.annotations.Nullable;

/**
 * A receiver's certificate for loopback, of an authority of its own; new connections see the last.
 */
final class ChangingCertificate extends X509ExtendedKeyManager {
  private static final String ALIAS = "receiver";

  private final HeldCertificate authority =
      new HeldCertificate.Builder().certificateAuthority(0).commonName("Authority").build();
  private volatile HeldCertificate leaf;

  /** One that ends {@code left} from now; negative for one that has ended. */
  ChangingCertificate(Duration left) {
    leaf = issued(left);
  }

  /** Presents another one from now on. */
  void change(Duration left) {
    leaf = issued(left);
  }

  private HeldCertificate issued(Duration left) {
    Instant now = Instant.now();
    return new HeldCertificate.Builder()
        .commonName("receiver")
        .addSubjectAlternativeName("127.0.0.1")
        .validityInterval(
            now.minus(Duration.ofDays(90)).toEpochMilli(), now.plus(left).toEpochMilli())
        .signedBy(authority)
        .build();
  }

  /** When the present one ends. */
  Instant notAfter() {
    return leaf.certificate().getNotAfter().toInstant();
  }

  /** The authority, as an endpoint's {@code caRef} wants it. */
  String authorityPem() {
    return authority.certificatePem();
  }

  SSLContext context() throws GeneralSecurityException {
    var context = SSLContext.getInstance("TLS");
    context.init(new KeyManager[] {this}, null, null);
    return context;
  }

  @Override
  public String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
    return ALIAS;
  }

  @Override
  public String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return ALIAS;
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return new X509Certificate[] {leaf.certificate()};
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    return leaf.keyPair().getPrivate();
  }

  @Override
  public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return new String[] {ALIAS};
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return null;
  }
}
