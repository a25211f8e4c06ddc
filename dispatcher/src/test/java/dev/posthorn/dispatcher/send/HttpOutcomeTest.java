package dev.posthorn.dispatcher.send;

import static dev.posthorn.core.config.OutcomeClass.CONNECT_REFUSED;
import static dev.posthorn.core.config.OutcomeClass.CONNECT_TIMEOUT;
import static dev.posthorn.core.config.OutcomeClass.DELIVERED;
import static dev.posthorn.core.config.OutcomeClass.HTTP_3XX;
import static dev.posthorn.core.config.OutcomeClass.HTTP_4XX;
import static dev.posthorn.core.config.OutcomeClass.HTTP_5XX;
import static dev.posthorn.core.config.OutcomeClass.PAYLOAD_ERROR;
import static dev.posthorn.core.config.OutcomeClass.REQUEST_TIMEOUT;
import static dev.posthorn.core.config.OutcomeClass.RESET;
import static dev.posthorn.core.config.OutcomeClass.RESPONSE_TOO_LARGE;
import static dev.posthorn.core.config.OutcomeClass.SHUTDOWN;
import static dev.posthorn.core.config.OutcomeClass.SIGNING_UNAVAILABLE;
import static dev.posthorn.dispatcher.send.RawServer.head;
import static dev.posthorn.dispatcher.send.RawServer.readRequest;
import static dev.posthorn.dispatcher.send.RawServer.write;
import static dev.posthorn.dispatcher.send.Sending.LONG;
import static dev.posthorn.dispatcher.send.Sending.SHORT;
import static dev.posthorn.dispatcher.send.Sending.request;
import static dev.posthorn.dispatcher.send.Sending.send;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class HttpOutcomeTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  @Test
  void aRequestArrivesAsItWasMade() throws Exception {
    try (var server = RawServer.answering(OK)) {
      var exchange = send(server.url());
      assertThat(exchange.outcome()).isEqualTo(DELIVERED);
      assertThat(exchange.status()).isEqualTo(200);
      assertThat(text(exchange)).isEqualTo("ok");
      assertThat(exchange.truncated()).isFalse();
      assertThat(exchange.error()).isNull();
      assertThat(exchange.address()).isEqualTo("127.0.0.1:" + server.port());
      assertThat(server.requests())
          .containsExactly(
              """
              POST /in HTTP/1.1
              content-type: application/json
              user-agent: Posthorn/test
              webhook-id: msg_1
              Accept-Encoding: identity
              Content-Length: 7
              Host: 127.0.0.1:%d
              Connection: Keep-Alive

              {"a":1}\
              """
                  .formatted(server.port())
                  .replace("\n", "\r\n"));
    }
  }

  @Test
  void stepsAreTimedAndAWarmConnectionHasNone() throws Exception {
    try (var server = RawServer.answering(OK);
        var transport = Sending.transport()) {
      var cold = transport.send(request(server.url())).timings();
      var warm = transport.send(request(server.url())).timings();
      assertThat(cold.connect()).isNotNegative();
      assertThat(cold.firstByte()).isBetween(cold.connect(), cold.total());
      assertThat(List.of(cold.dns(), cold.tls(), warm.dns(), warm.connect(), warm.tls()))
          .containsOnly(Timings.NONE);
      assertThat(warm.firstByte()).isPositive();
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "201,delivered",
    "204,delivered",
    "205,delivered",
    "300,http_3xx",
    "304,http_3xx",
    "400,http_4xx",
    "401,http_4xx",
    "407,http_4xx",
    "408,http_4xx",
    "410,http_410",
    "421,http_4xx",
    "429,http_429",
    "500,http_5xx",
    "503,http_5xx",
    "600,http_5xx",
    "999,http_5xx"
  })
  void everyStatusEndsInItsClassWithOnePost(int status, String outcome) throws Exception {
    var length = status == 204 || status == 304 ? "" : "Content-Length: 0\r\n";
    try (var server = RawServer.answering("HTTP/1.1 " + status + " X\r\n" + length + "\r\n")) {
      var exchange = send(server.url());
      assertThat(exchange.outcome().wire()).isEqualTo(outcome);
      assertThat(exchange.status()).isEqualTo(status);
      assertThat(server.requests()).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void aRedirectIsNeverFollowed(int status) throws Exception {
    try (var target = RawServer.answering(OK);
        var server =
            RawServer.answering(
                "HTTP/1.1 %d X\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n"
                    .formatted(status, target.url()))) {
      var exchange = send(server.url());
      assertThat(exchange.outcome()).isEqualTo(HTTP_3XX);
      assertThat(exchange.headers()).contains(new Header("Location", target.url()));
      assertThat(server.requests()).hasSize(1);
      assertThat(target.connections()).isZero();
    }
  }

  @ParameterizedTest
  @CsvSource({"503,0", "408,0", "429,0", "503,-"})
  void anAnswerThatAsksForItGetsNoSecondPost(int status, String retryAfter) throws Exception {
    var header = retryAfter.equals("-") ? "" : "Retry-After: " + retryAfter + "\r\n";
    try (var server =
        RawServer.answering(
            "HTTP/1.1 " + status + " X\r\n" + header + "Content-Length: 0\r\n\r\n")) {
      var exchange = send(server.url());
      assertThat(exchange.status()).isEqualTo(status);
      assertThat(server.requests()).hasSize(1);
      assertThat(exchange.retryAfter()).isEqualTo(header.isEmpty() ? null : Duration.ZERO);
    }
  }

  @Test
  void a204WithALengthIsStillDelivered() throws Exception {
    try (var server = RawServer.answering("HTTP/1.1 204 X\r\nContent-Length: 2\r\n\r\nok")) {
      assertThat(send(server.url()).outcome()).isEqualTo(DELIVERED);
    }
  }

  @Test
  void informationalAnswersAreSkipped() throws Exception {
    try (var server =
        RawServer.answering("HTTP/1.1 100 C\r\n\r\nHTTP/1.1 103 Hints\r\nLink: x\r\n\r\n" + OK)) {
      assertThat(send(server.url()).status()).isEqualTo(200);
    }
  }

  @Test
  void theReceiversClockAndWishesAreRead() throws Exception {
    try (var server =
        RawServer.answering(
            head(
                "503 X",
                "Date: Sun, 22 Nov 2026 10:01:30 GMT",
                "Retry-After: 120",
                "Content-Length: 0"))) {
      var exchange = send(server.url());
      assertThat(exchange.clockSkew()).isEqualTo(Duration.ofSeconds(90));
      assertThat(exchange.retryAfter()).isEqualTo(Duration.ofMinutes(2));
    }
  }

  @Test
  void aClosedPortIsRefused() throws Exception {
    int port;
    try (var unused = RawServer.loopback()) {
      port = unused.getLocalPort();
    }
    var exchange = send("http://127.0.0.1:" + port + "/");
    assertThat(exchange.outcome()).isEqualTo(CONNECT_REFUSED);
    assertThat(exchange.status()).isZero();
    assertThat(exchange.error())
        .isEqualTo(
            "nothing listens on the receiver's port; start the receiver, or correct the port in the"
                + " URL");
  }

  @Test
  void aFullBacklogIsAConnectTimeout() throws Exception {
    try (var server = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      var waiting = new ArrayList<CompletableFuture<Exchange>>();
      var url = "http://127.0.0.1:" + server.getLocalPort() + "/";
      for (int i = 0; i < 8; i++) {
        var sent = new CompletableFuture<Exchange>();
        Thread.ofVirtual().start(() -> sent.complete(send(url, SHORT)));
        waiting.add(sent);
      }
      assertThat(waiting.stream().map(f -> f.join().outcome())).contains(CONNECT_TIMEOUT);
    }
  }

  @Test
  void aReceiverThatNeverAnswersEndsAtTheDeadline() throws Exception {
    try (var server = RawServer.start(RawServer::readRequest)) {
      var silent = new CountDownLatch(1);
      try (var hanging = RawServer.start(socket -> await(socket, silent))) {
        long start = System.nanoTime();
        assertThat(send(hanging.url(), SHORT).outcome()).isEqualTo(REQUEST_TIMEOUT);
        assertThat(millisSince(start)).isBetween(290L, 1_500L);
        silent.countDown();
      }
      assertThat(send(server.url()).outcome()).isEqualTo(RESET);
    }
  }

  @Test
  void aSlowDripEndsAtTheDeadline() throws Exception {
    var done = new CountDownLatch(1);
    try (var server =
        RawServer.start(socket -> {
          readRequest(socket);
          write(socket, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
          while (done.getCount() > 0) {
            write(socket, "x");
            await(socket, done, 20);
          }
        })) {
      long start = System.nanoTime();
      var exchange = send(server.url(), SHORT);
      assertThat(exchange.outcome()).isEqualTo(REQUEST_TIMEOUT);
      assertThat(exchange.status()).isEqualTo(200);
      assertThat(millisSince(start)).isBetween(290L, 1_500L);
      done.countDown();
    }
  }

  @Test
  void headersThatDripEndAtTheDeadlineToo() throws Exception {
    var done = new CountDownLatch(1);
    try (var server =
        RawServer.start(socket -> {
          readRequest(socket);
          while (done.getCount() > 0) {
            write(socket, "HTTP/1.1 103 Hints\r\n\r\n");
            await(socket, done, 20);
          }
        })) {
      assertThat(send(server.url(), SHORT).outcome()).isEqualTo(REQUEST_TIMEOUT);
      done.countDown();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", // closed after the request
        "HTTP/1.1 200 OK\r\nContent-", // in the headers
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", // in the body
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", // in a chunk
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nab\r\n0\r\n\r\n",
        "SSH-2.0-OpenSSH_9.6\r\n\r\n",
        "HTTP/1.1 2OO OK\r\n\r\n"
      })
  void aBrokenAnswerIsAReset(String answer) throws Exception {
    try (var server =
        RawServer.start(socket -> {
          readRequest(socket);
          write(socket, answer);
        })) {
      assertThat(send(server.url()).outcome()).isEqualTo(RESET);
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @Test
  void aHardResetIsAReset() throws Exception {
    try (var server =
        RawServer.start(socket -> {
          readRequest(socket);
          socket.setSoLinger(true, 0);
        })) {
      assertThat(send(server.url()).outcome()).isEqualTo(RESET);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {70_000, 300_000})
  void oneHugeHeaderIsTooLarge(int size) throws Exception {
    try (var server =
        RawServer.answering(
            "HTTP/1.1 200 OK\r\nX-Big: " + "x".repeat(size) + "\r\nContent-Length: 0\r\n\r\n")) {
      var exchange = send(server.url());
      assertThat(exchange.outcome()).isEqualTo(RESPONSE_TOO_LARGE);
      assertThat(exchange.headers()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {90, 500})
  void manyHeadersAreTooLarge(int count) throws Exception {
    var header = "X-Big: " + "x".repeat(1_000) + "\r\n";
    try (var server =
        RawServer.answering(
            "HTTP/1.1 200 OK\r\n" + header.repeat(count) + "Content-Length: 0\r\n\r\n")) {
      assertThat(send(server.url()).outcome()).isEqualTo(RESPONSE_TOO_LARGE);
    }
  }

  @Test
  void headersUpToTheLimitAreFine() throws Exception {
    var header = "X-Big: " + "x".repeat(60_000) + "\r\n";
    try (var server =
        RawServer.answering("HTTP/1.1 200 OK\r\n" + header + "Content-Length: 0\r\n\r\n")) {
      assertThat(send(server.url()).outcome()).isEqualTo(DELIVERED);
    }
  }

  @ParameterizedTest
  @CsvSource({"0,false", "1,false", "16384,false", "16385,true", "100000,true", "1000000,true"})
  void anExcerptIsKeptAndALongBodyIsNoError(int length, boolean truncated) throws Exception {
    try (var server =
        RawServer.answering(
            "HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n" + "x".repeat(length))) {
      var exchange = send(server.url());
      assertThat(exchange.outcome()).isEqualTo(DELIVERED);
      assertThat(exchange.excerpt()).hasSize(Math.min(length, 16_384));
      assertThat(exchange.truncated()).isEqualTo(truncated);
    }
  }

  @Test
  void aChunkedBodyIsPutTogether() throws Exception {
    try (var server =
        RawServer.answering(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "7d0\r\n%s\r\n3\r\nend\r\n0\r\n\r\n".formatted("x".repeat(2_000)))) {
      var exchange = send(server.url());
      assertThat(text(exchange)).isEqualTo("x".repeat(2_000) + "end");
      assertThat(exchange.truncated()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 9000000000", "Transfer-Encoding: chunked", "X-Y: z"})
  void anEndlessBodyCostsAnExcerpt(String length) throws Exception {
    var chunk =
        length.startsWith("T") ? "1000\r\n" + "x".repeat(4_096) + "\r\n" : "x".repeat(4_096);
    var written = new long[1];
    var ended = new CountDownLatch(1);
    try (var server =
        RawServer.start(socket -> {
          readRequest(socket);
          write(socket, "HTTP/1.1 200 OK\r\n" + length + "\r\n\r\n");
          try {
            while (true) {
              write(socket, chunk);
              written[0] += 4_096;
            }
          } finally {
            ended.countDown();
          }
        })) {
      long start = System.nanoTime();
      var exchange = send(server.url());
      assertThat(exchange.outcome()).isEqualTo(DELIVERED);
      assertThat(exchange.excerpt()).hasSize(16_384);
      assertThat(exchange.truncated()).isTrue();
      assertThat(millisSince(start)).isLessThan(2_000);
      ended.await();
      // What the kernels buffer between the two, and not what the receiver would have liked.
      assertThat(written[0]).isLessThan(32_000_000);
    }
  }

  @Test
  void nothingIsInflated() throws Exception {
    var bomb = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(bomb)) {
      gzip.write(new byte[5_000_000]);
    }
    var bytes = bomb.toString(StandardCharsets.ISO_8859_1);
    try (var server =
        RawServer.answering(
            "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(bytes.length(), bytes))) {
      var exchange = send(server.url());
      assertThat(exchange.excerpt()).startsWith(0x1f, 0x8b).hasSizeLessThanOrEqualTo(16_384);
    }
  }

  @Test
  void cookiesAndChallengesAreNotAnswered() throws Exception {
    try (var server =
            RawServer.answering(
                head(
                    "401 X",
                    "Set-Cookie: a=b",
                    "WWW-Authenticate: Basic realm=x",
                    "Content-Length: 0"));
        var transport = Sending.transport()) {
      assertThat(transport.send(request(server.url())).outcome()).isEqualTo(HTTP_4XX);
      transport.send(request(server.url()));
      assertThat(server.requests())
          .hasSize(2)
          .noneMatch(text -> text.contains("Cookie") || text.contains("Authorization"));
    }
  }

  @Test
  void aConnectionIsKeptAfterAFailureStatusAndAShortRest() throws Exception {
    try (var server =
            RawServer.answering(
                "HTTP/1.1 500 X\r\nContent-Length: 50000\r\n\r\n" + "x".repeat(50_000));
        var transport = Sending.transport()) {
      for (int i = 0; i < 3; i++) {
        assertThat(transport.send(request(server.url())).outcome()).isEqualTo(HTTP_5XX);
      }
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  /** As a Node.js receiver does after 5 s; OkHttp itself looks only after 10 s. */
  @Test
  void aConnectionThatTheReceiverClosedWhileIdleIsNotUsedAgain() throws Exception {
    try (var server =
            RawServer.start(socket -> {
              readRequest(socket);
              write(socket, OK);
            });
        var transport = Sending.transport(Duration.ZERO)) {
      assertThat(transport.send(request(server.url())).outcome()).isEqualTo(DELIVERED);
      server.awaitClosed(1);
      assertThat(transport.send(request(server.url())).outcome()).isEqualTo(DELIVERED);
      assertThat(server.connections()).isEqualTo(2);
    }
  }

  @Test
  void aConnectionThatIsOnlyIdleIsUsedAgain() throws Exception {
    try (var server = RawServer.answering(OK);
        var transport = Sending.transport(Duration.ZERO)) {
      transport.send(request(server.url()));
      assertThat(transport.send(request(server.url())).outcome()).isEqualTo(DELIVERED);
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @Test
  void headersThatTellWhereARequestEndsOrGoesAreNotTheCallers() throws Exception {
    var good = request("http://127.0.0.1:1/");
    try (var server = RawServer.answering(OK);
        var transport = Sending.transport()) {
      var headers =
          List.of(
              new Header("Host", "evil.com"),
              new Header("Transfer-Encoding", "chunked"),
              new Header("Content-Length", "0"),
              new Header("expect", "100-continue"),
              new Header("x-env", "prod"));
      transport.send(
          new OutboundRequest(
              good.endpoint(),
              good.namespace(),
              server.url(),
              headers,
              good.body(),
              LONG,
              good.tls(),
              good.guard()));
      assertThat(server.requests().getFirst())
          .contains("x-env: prod", "Content-Length: 7", "Host: 127.0.0.1:")
          .doesNotContain("evil.com")
          .doesNotContainIgnoringCase("chunked")
          .doesNotContainIgnoringCase("expect");
    }
  }

  @Test
  void aHeaderThatHttpCannotCarryIsAPayloadErrorWithoutItsValue() {
    var good = request("http://127.0.0.1:1/");
    var bad =
        new OutboundRequest(
            good.endpoint(),
            good.namespace(),
            good.url(),
            List.of(new Header("authorization", "s3cret\r\nx: y")),
            good.body(),
            LONG,
            good.tls(),
            good.guard());
    try (var transport = Sending.transport()) {
      var exchange = transport.send(bad);
      assertThat(exchange.outcome()).isEqualTo(PAYLOAD_ERROR);
      assertThat(exchange.error() + exchange.platformDetail() + bad + good.headers())
          .doesNotContain("s3cret")
          .doesNotContain("msg_1");
    }
  }

  @Test
  void closingEndsWhatIsInFlightAndWhatComesLater() throws Exception {
    var arrived = new CountDownLatch(1);
    var never = new CountDownLatch(1);
    try (var server =
        RawServer.start(socket -> {
          readRequest(socket);
          arrived.countDown();
          await(socket, never);
        })) {
      var transport = Sending.transport();
      var sent = new CompletableFuture<Exchange>();
      Thread.ofVirtual().start(() -> sent.complete(transport.send(request(server.url()))));
      arrived.await();
      transport.close();
      assertThat(sent.join().outcome()).isEqualTo(SHUTDOWN);
      assertThat(transport.send(request(server.url())).outcome()).isEqualTo(SHUTDOWN);
      never.countDown();
    }
  }

  @Test
  void aRequestThatIsWithdrawnWhileConnectingIsNeverWritten() throws Exception {
    try (var server = RawServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        var transport = Sending.transport()) {
      assertThat(transport.send(request(server.url()), () -> false).outcome())
          .isEqualTo(SIGNING_UNAVAILABLE);
      assertThat(server.requests()).isEmpty();
      assertThat(transport.send(request(server.url()), () -> true).outcome()).isEqualTo(DELIVERED);
    }
  }

  @Test
  void anInterruptedSendIsAShutdown() throws Exception {
    var arrived = new CountDownLatch(1);
    var never = new CountDownLatch(1);
    try (var server =
            RawServer.start(socket -> {
              readRequest(socket);
              arrived.countDown();
              await(socket, never);
            });
        var transport = Sending.transport()) {
      var sent = new CompletableFuture<Exchange>();
      var thread =
          Thread.ofVirtual().start(() -> sent.complete(transport.send(request(server.url()))));
      arrived.await();
      thread.interrupt();
      assertThat(sent.join().outcome()).isEqualTo(SHUTDOWN);
      never.countDown();
    }
  }

  private static void await(Socket socket, CountDownLatch latch) throws IOException {
    await(socket, latch, 10_000);
  }

  private static void await(Socket socket, CountDownLatch latch, int millis) throws IOException {
    try {
      var _ = latch.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new IOException(socket + " interrupted", e);
    }
  }

  private static long millisSince(long start) {
    return (System.nanoTime() - start) / 1_000_000;
  }

  private static String text(Exchange exchange) {
    return new String(exchange.excerpt(), StandardCharsets.ISO_8859_1);
  }
}
