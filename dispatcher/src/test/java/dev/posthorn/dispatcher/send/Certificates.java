package dev.posthorn.dispatcher.send;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import javax.net.ssl.SSLServerSocket;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;

/** An authority, what it issues, and sockets that present it. */
final class Certificates {
  static final HeldCertificate AUTHORITY =
      new HeldCertificate.Builder().certificateAuthority(0).commonName("Test Authority").build();

  private Certificates() {}

  /** For {@code hooks.acme.com}, valid now. */
  static HeldCertificate.Builder leaf() {
    return new HeldCertificate.Builder()
        .commonName("hooks.acme.com")
        .addSubjectAlternativeName("hooks.acme.com")
        .signedBy(AUTHORITY);
  }

  /** Presents {@code leaf} without its authority. */
  static SSLServerSocket socket(HeldCertificate leaf, HeldCertificate... clients) {
    var certificates = new HandshakeCertificates.Builder().heldCertificate(leaf);
    for (var client : clients) {
      certificates.addTrustedCertificate(client.certificate());
    }
    try {
      ServerSocket socket =
          certificates
              .build()
              .sslContext()
              .getServerSocketFactory()
              .createServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
      return (SSLServerSocket) socket;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  static TlsSettings trusting(HeldCertificate authority) {
    return TlsSettings.of(authority.certificatePem(), null, null, TlsVersion.TLS_1_2);
  }
}
