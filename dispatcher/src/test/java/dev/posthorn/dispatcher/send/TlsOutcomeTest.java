package dev.posthorn.dispatcher.send;

import static dev.posthorn.dispatcher.send.Certificates.AUTHORITY;
import static dev.posthorn.dispatcher.send.Certificates.leaf;
import static dev.posthorn.dispatcher.send.Certificates.socket;
import static dev.posthorn.dispatcher.send.Certificates.trusting;
import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.core.config.OutcomeClass;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLServerSocket;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class TlsOutcomeTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  private static final long DAY = 86_400_000;

  /** The JDK judges certificates by the real clock. */
  private final long now = Instant.now().toEpochMilli();

  @Test
  void aPrivateAuthorityIsTrustedByTheEndpointThatNamesIt() throws Exception {
    var certificate = leaf().validityInterval(now - DAY, now + 10 * DAY).build();
    try (var server = RawServer.answering(socket(certificate), OK)) {
      var exchange = send(server, trusting(AUTHORITY));
      assertThat(exchange.outcome()).isEqualTo(OutcomeClass.DELIVERED);
      assertThat(exchange.timings().tls()).isPositive();
      assertThat(exchange.timings().dns()).isNotNegative();
      assertThat(exchange.certificateNotAfter())
          .isEqualTo(certificate.certificate().getNotAfter().toInstant());
      assertThat(exchange.address()).isEqualTo("127.0.0.1:" + server.port());
    }
  }

  @Test
  void anUnknownAuthorityIsUntrusted() throws Exception {
    try (var server = RawServer.answering(socket(leaf().build()), OK)) {
      assertThat(outcome(server, TlsSettings.DEFAULT)).isEqualTo("tls_untrusted");
    }
  }

  @Test
  void aSelfSignedCertificateIsUntrusted() throws Exception {
    var alone = new HeldCertificate.Builder().addSubjectAlternativeName("hooks.acme.com").build();
    try (var server = RawServer.answering(socket(alone), OK)) {
      assertThat(outcome(server, trusting(AUTHORITY))).isEqualTo("tls_untrusted");
    }
  }

  @Test
  void anExpiredCertificateIsToldApart() throws Exception {
    var expired = leaf().validityInterval(now - 3 * DAY, now - DAY).build();
    try (var server = RawServer.answering(socket(expired), OK)) {
      var exchange = send(server, trusting(AUTHORITY));
      assertThat(exchange.outcome()).isEqualTo(OutcomeClass.TLS_EXPIRED);
      assertThat(exchange.certificateNotAfter())
          .isEqualTo(expired.certificate().getNotAfter().toInstant());
    }
  }

  @Test
  void aCertificateOfTomorrowIsToldApart() throws Exception {
    var tomorrow = leaf().validityInterval(now + DAY, now + 3 * DAY).build();
    try (var server = RawServer.answering(socket(tomorrow), OK)) {
      assertThat(outcome(server, trusting(AUTHORITY))).isEqualTo("tls_not_yet_valid");
    }
  }

  @Test
  void anotherHostNameIsToldApart() throws Exception {
    var other =
        new HeldCertificate.Builder()
            .addSubjectAlternativeName("other.acme.com")
            .signedBy(AUTHORITY)
            .build();
    try (var server = RawServer.answering(socket(other), OK)) {
      assertThat(outcome(server, trusting(AUTHORITY))).isEqualTo("tls_hostname");
    }
  }

  @Test
  void aCommonNameNeverCounts() throws Exception {
    var commonNameOnly =
        new HeldCertificate.Builder().commonName("hooks.acme.com").signedBy(AUTHORITY).build();
    try (var server = RawServer.answering(socket(commonNameOnly), OK)) {
      assertThat(outcome(server, trusting(AUTHORITY))).isEqualTo("tls_hostname");
    }
  }

  @Test
  void aPlaintextPortIsNoTls() throws Exception {
    try (var server =
        RawServer.start(socket -> {
          RawServer.write(socket, "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
          socket.getInputStream().readAllBytes();
        })) {
      assertThat(outcome(server, TlsSettings.DEFAULT)).isEqualTo("tls_protocol");
    }
  }

  @Test
  void anOldProtocolVersionIsNotSpoken() throws Exception {
    var socket = socket(leaf().build());
    socket.setEnabledProtocols(new String[] {"TLSv1.2"});
    var onlyNew = TlsSettings.of(AUTHORITY.certificatePem(), null, null, TlsVersion.TLS_1_3);
    try (var server = RawServer.answering(socket, OK)) {
      assertThat(outcome(server, onlyNew)).isEqualTo("tls_protocol");
      assertThat(outcome(server, trusting(AUTHORITY))).isEqualTo("delivered");
    }
  }

  @Test
  void aReceiverThatHangsUpInTheHandshakeIsAReset() throws Exception {
    try (var server = RawServer.start(socket -> socket.getInputStream().read())) {
      assertThat(outcome(server, TlsSettings.DEFAULT)).isEqualTo("reset");
    }
  }

  @Test
  void aReceiverThatIsSilentInTheHandshakeNeverGotTheRequest() throws Exception {
    var done = new CountDownLatch(1);
    try (var server =
        RawServer.start(_ -> {
          try {
            done.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        })) {
      var url = "https://hooks.acme.com:" + server.port() + "/";
      try (var transport = transport()) {
        var request =
            Sending.request(url, Sending.SHORT, TlsSettings.DEFAULT, Sending.LOOPBACK_GUARD);
        assertThat(transport.send(request).outcome()).isEqualTo(OutcomeClass.CONNECT_TIMEOUT);
      }
      done.countDown();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aClientCertificateThatIsMissingIsToldApart(String version) throws Exception {
    try (var server = RawServer.answering(wanting(version, AUTHORITY), OK)) {
      assertThat(outcome(server, trusting(AUTHORITY))).isEqualTo("tls_client_certificate");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aClientCertificateOfAnotherAuthorityIsToldApart(String version) throws Exception {
    var stranger =
        new HeldCertificate.Builder().certificateAuthority(0).commonName("Stranger").build();
    var client = new HeldCertificate.Builder().commonName("c").signedBy(stranger).build();
    try (var server = RawServer.answering(wanting(version, AUTHORITY), OK)) {
      assertThat(outcome(server, presenting(client, client.privateKeyPkcs8Pem())))
          .isEqualTo("tls_client_certificate");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aClientCertificateIsPresented(String version) throws Exception {
    var client = new HeldCertificate.Builder().commonName("c").signedBy(AUTHORITY).build();
    var rsa = new HeldCertificate.Builder().rsa2048().commonName("c").signedBy(AUTHORITY).build();
    try (var server = RawServer.answering(wanting(version, AUTHORITY), OK)) {
      assertThat(outcome(server, presenting(client, client.privateKeyPkcs8Pem())))
          .isEqualTo("delivered");
      assertThat(outcome(server, presenting(rsa, rsa.privateKeyPkcs1Pem()))).isEqualTo("delivered");
    }
  }

  @Test
  void anIdleConnectionIsLookedAtBeforeItIsUsedAgain() throws Exception {
    try (var server = RawServer.answering(socket(leaf().build()), OK);
        var once =
            RawServer.start(
                socket(leaf().build()),
                socket -> {
                  RawServer.readRequest(socket);
                  RawServer.write(socket, OK);
                });
        var transport =
            new OkHttpTransport(
                Sending.names(Map.of("hooks.acme.com", "127.0.0.1")),
                Sending.CLOCK,
                Duration.ZERO)) {
      for (int i = 0; i < 3; i++) {
        assertThat(transport.send(request(server, trusting(AUTHORITY))).status()).isEqualTo(200);
      }
      assertThat(server.connections()).isEqualTo(1);
      assertThat(transport.send(request(once, trusting(AUTHORITY))).status()).isEqualTo(200);
      once.awaitClosed(1);
      assertThat(transport.send(request(once, trusting(AUTHORITY))).status()).isEqualTo(200);
      assertThat(once.connections()).isEqualTo(2);
    }
  }

  @Test
  void settingsThatAreEqualShareAConnectionAndOthersDoNot() throws Exception {
    try (var server = RawServer.answering(socket(leaf().build()), OK);
        var transport = transport()) {
      transport.send(request(server, trusting(AUTHORITY)));
      transport.send(request(server, trusting(AUTHORITY)));
      assertThat(server.connections()).isEqualTo(1);
      assertThat(transport.send(request(server, TlsSettings.DEFAULT)).outcome())
          .isEqualTo(OutcomeClass.TLS_UNTRUSTED);
    }
  }

  private static SSLServerSocket wanting(String version, HeldCertificate authority) {
    var socket = socket(leaf().build(), authority);
    socket.setEnabledProtocols(new String[] {version});
    socket.setNeedClientAuth(true);
    return socket;
  }

  private static TlsSettings presenting(HeldCertificate client, String key) {
    return TlsSettings.of(
        AUTHORITY.certificatePem(),
        client.certificatePem(),
        key.getBytes(StandardCharsets.US_ASCII),
        TlsVersion.TLS_1_2);
  }

  private static OkHttpTransport transport() {
    return new OkHttpTransport(Sending.names(Map.of("hooks.acme.com", "127.0.0.1")), Sending.CLOCK);
  }

  private static OutboundRequest request(RawServer server, TlsSettings tls) {
    return Sending.request(
        "https://hooks.acme.com:" + server.port() + "/in",
        Sending.LONG,
        tls,
        Sending.LOOPBACK_GUARD);
  }

  private static Exchange send(RawServer server, TlsSettings tls) {
    try (var transport = transport()) {
      return transport.send(request(server, tls));
    }
  }

  private static String outcome(RawServer server, TlsSettings tls) {
    return send(server, tls).outcome().wire();
  }
}
