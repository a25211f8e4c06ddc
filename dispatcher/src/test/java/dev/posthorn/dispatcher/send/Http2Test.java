package dev.posthorn.dispatcher.send;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthorn.core.config.OutcomeClass;
import java.util.Map;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.QueueDispatcher;
import mockwebserver3.SocketEffect;
import okhttp3.tls.HandshakeCertificates;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class Http2Test {
  private static final int REFUSED_STREAM = 7;

  private final Answers answers = new Answers();
  private final MockWebServer server = new MockWebServer();
  private final OkHttpTransport transport =
      new OkHttpTransport(Sending.names(Map.of("hooks.acme.com", "127.0.0.1")), Sending.CLOCK);

  @BeforeEach
  void start() throws Exception {
    server.setDispatcher(answers);
    server.useHttps(
        new HandshakeCertificates.Builder()
            .heldCertificate(Certificates.leaf().build())
            .build()
            .sslSocketFactory());
    server.start();
  }

  @AfterEach
  void stop() {
    transport.close();
    server.close();
  }

  @Test
  void itIsSpokenWhereTheReceiverCan() throws Exception {
    server.enqueue(new MockResponse.Builder().code(202).body("x".repeat(20_000)).build());
    server.enqueue(new MockResponse.Builder().code(503).addHeader("Retry-After", "0").build());
    var first = transport.send(request());
    assertThat(first.outcome()).isEqualTo(OutcomeClass.DELIVERED);
    assertThat(first.excerpt()).hasSize(16_384);
    assertThat(transport.send(request()).outcome()).isEqualTo(OutcomeClass.HTTP_5XX);
    assertThat(server.takeRequest().getVersion()).isEqualTo("HTTP/2");
    assertThat(server.takeRequest().getExchangeIndex()).isEqualTo(1);
    assertThat(server.getRequestCount()).isEqualTo(2);
  }

  @Test
  void aRefusedStreamIsAResetAndNotSentAgain() {
    server.enqueue(
        new MockResponse.Builder()
            .onRequestStart(new SocketEffect.CloseStream(REFUSED_STREAM))
            .build());
    assertThat(transport.send(request()).outcome()).isEqualTo(OutcomeClass.RESET);
    await().until(answers::allTaken); // the server resets first, and takes its answer afterwards
    server.enqueue(new MockResponse.Builder().build());
    assertThat(transport.send(request()).outcome()).isEqualTo(OutcomeClass.DELIVERED);
    assertThat(server.getRequestCount()).isEqualTo(2);
  }

  private static final class Answers extends QueueDispatcher {
    boolean allTaken() {
      return getResponseQueue().isEmpty();
    }
  }

  private OutboundRequest request() {
    return Sending.request(
        "https://hooks.acme.com:" + server.getPort() + "/in",
        Sending.LONG,
        Certificates.trusting(Certificates.AUTHORITY),
        Sending.LOOPBACK_GUARD);
  }
}
