package dev.posthorn.dispatcher.send;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's TLS for one {@link TlsSettings}. The factory is made once per settings: OkHttp shares
 * connections only under the same factory, and sessions are resumed only within one.
 *
 * @param factory layers TLS over connected sockets
 * @param trust the JDK's authorities and the settings' own
 */
record TlsContext(SSLSocketFactory factory, X509TrustManager trust) {
  static TlsContext of(TlsSettings settings) {
    try {
      var trust = trustManager(settings);
      var context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[] {new ClientKey(settings)}, new TrustManager[] {trust}, null);
      return new TlsContext(context.getSocketFactory(), trust);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("the JDK cannot make a TLS context", e);
    }
  }

  private static X509TrustManager trustManager(TlsSettings settings)
      throws GeneralSecurityException, IOException {
    var jdk = trustManager((KeyStore) null);
    if (settings.trusted().isEmpty()) {
      return jdk;
    }
    var store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    int number = 0;
    for (var authority : jdk.getAcceptedIssuers()) {
      store.setCertificateEntry("jdk-" + number++, authority);
    }
    for (var authority : settings.trusted()) {
      store.setCertificateEntry("own-" + number++, authority);
    }
    return trustManager(store);
  }

  private static X509TrustManager trustManager(@Nullable KeyStore store)
      throws GeneralSecurityException {
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return Arrays.stream(factory.getTrustManagers())
        .filter(X509ExtendedTrustManager.class::isInstance)
        .map(X509ExtendedTrustManager.class::cast)
        .map(SeenCertificates::new)
        .findFirst()
        .orElseThrow();
  }

  /**
   * Presents the one client certificate, and notes that one was asked for: a receiver that refuses
   * it sends an alert, which the JDK tells apart by message text only.
   */
  private static final class ClientKey extends X509ExtendedKeyManager {
    private static final String ALIAS = "client";

    private final X509Certificate[] chain;
    private final @Nullable PrivateKey key;

    ClientKey(TlsSettings settings) {
      chain = settings.clientChain().toArray(X509Certificate[]::new);
      key = settings.clientKey();
    }

    /** Called on the thread that shakes hands: the sending one. */
    @Override
    public @Nullable String chooseClientAlias(
        String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
      var key = this.key;
      boolean fits = key != null && Arrays.asList(keyTypes).contains(key.getAlgorithm());
      if (Trace.CURRENT.isBound()) {
        Trace.CURRENT.get().clientCertificateWanted(fits && isOf(issuers));
      }
      return fits ? ALIAS : null;
    }

    /** Whether the receiver lists an authority of ours; one that lists none may take any. */
    private boolean isOf(Principal @Nullable [] issuers) {
      return issuers == null
          || issuers.length == 0
          || Arrays.stream(chain)
              .anyMatch(link -> Arrays.asList(issuers).contains(link.getIssuerX500Principal()));
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return chain.clone();
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
      return key;
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
      return key == null ? null : new String[] {ALIAS};
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
      return null;
    }

    @Override
    public @Nullable String chooseServerAlias(
        String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return null;
    }
  }
}
