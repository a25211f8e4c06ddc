package dev.posthorn.dispatcher.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.posthorn.dispatcher.http.RawConnection.Answer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

@Timeout(60)
class HttpServerTest {
  private static final String HOST = "Host: x\r\n";
  private static final String PROBLEM = "application/problem+json";

  private static HttpServer.Start start(Listen listen) {
    return HttpServer.start(
        "second",
        listen,
        ServerLimits.DEFAULT,
        new Router(List.of(), Callers.NONE),
        new SimpleMeterRegistry(),
        new Random(1));
  }

  private static void isProblem(Answer answer, int status) {
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.header("content-type")).isEqualTo(PROBLEM);
    assertThat(answer.header("x-request-id")).matches("[A-Za-z0-9._~-]{1,128}");
    assertThat(answer.body())
        .contains(
            "\"type\":\"https://posthorn.dev/problems/", "\"status\":" + status, "\"detail\":");
  }

  @Test
  void aTakenPortIsAFailureThatNamesAddressAndCure() {
    try (var first = new TestServer()) {
      Listen taken = first.server.listen();
      assertThat(start(taken))
          .isEqualTo(
              new HttpServer.Start.Failed(
                  "cannot listen on "
                      + taken
                      + ": the port is taken; stop the other program or choose another port"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.1, the address is not one of this machine",
    "no-such-name.invalid, the name is unknown"
  })
  void anAddressThatCannotBeListenedOnIsAFailureThatSaysWhy(String host, String why) {
    assertThat(start(new Listen(host, 0)))
        .isInstanceOfSatisfying(
            HttpServer.Start.Failed.class, failed -> assertThat(failed.message()).contains(why));
  }

  @Test
  void aHandlerAnswersUnderItsPathAndTheServerDoesNotNameItself() throws IOException {
    try (var test = new TestServer();
        var client = test.connect()) {
      Answer answer = client.send("GET /hello/w%C3%B6rld HTTP/1.1\r\n" + HOST + "\r\n").answer();
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo("hello wörld {}");
      assertThat(answer.headers()).doesNotContainKeys("server", "x-powered-by");
      assertThat(answer.header("x-request-id")).isNotEmpty();
    }
  }

  @Test
  void headHasTheHeadersOfGetAndNoBody() throws IOException {
    try (var test = new TestServer();
        var client = test.connect()) {
      client.send("HEAD /hello/you HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n");
      String all = client.rest();
      assertThat(all).startsWith("HTTP/1.1 200").containsIgnoringCase("content-length: 12");
      assertThat(all).endsWith("\r\n\r\n");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /nowhere, 404",
    "GET, /hello/, 404",
    "GET, /hello/a/, 404",
    "GET, /hello/%zz, 400",
    "GET, /hello/%C3, 400",
    "GET, /hello/a%00b, 400",
    "GET, /hello/a%2Fb, 400",
    "GET, /../etc/passwd, 400",
    "DELETE, /hello/a, 405",
    "OPTIONS, *, 404",
    "TRACE, /hello/a, 405"
  })
  void whatNoCallHasIsAProblem(String method, String path, int status) throws IOException {
    try (var test = new TestServer();
        var client = test.connect()) {
      Answer answer = client.send(method + " " + path + " HTTP/1.1\r\n" + HOST + "\r\n").answer();
      isProblem(answer, status);
      assertThat(answer.header("allow")).isEqualTo(status == 405 ? "GET, HEAD" : "");
    }
  }

  @ParameterizedTest
  @CsvSource({"unknown=1, unknown", "mood=a&mood=b, mood", "mood=%f, ''", "=x, ''", "mood=a&, ''"})
  void aQueryThatTheCallDoesNotHaveIsRefusedByName(String query, String field) throws IOException {
    try (var test = new TestServer();
        var client = test.connect()) {
      Answer answer =
          client.send("GET /hello/a?" + query + " HTTP/1.1\r\n" + HOST + "\r\n").answer();
      isProblem(answer, 400);
      if (!field.isEmpty()) {
        assertThat(answer.body()).contains("\"field\":\"" + field + "\"");
      }
    }
  }

  @Test
  void aPlusInAQueryStandsForItself() throws IOException {
    try (var test = new TestServer();
        var client = test.connect()) {
      client.send("GET /hello/a?mood=10:00%2B01:00+x HTTP/1.1\r\n" + HOST + "\r\n");
      assertThat(client.answer().body()).isEqualTo("hello a {mood=10:00+01:00+x}");
    }
  }

  @ParameterizedTest
  @CsvSource({"trace-7.a_B~, true", "'two words', false", "a;b, false", "ü, false"})
  void theClientsRequestIdComesBackIfItIsSane(String id, boolean kept) throws IOException {
    try (var test = new TestServer();
        var client = test.connect()) {
      String head = "GET /nowhere HTTP/1.1\r\n" + HOST + "X-Request-Id: " + id + "\r\n\r\n";
      assertThat(client.send(head).answer().header("x-request-id").equals(id)).isEqualTo(kept);
    }
  }

  @Test
  void aBodyOfExactlyTheLimitIsReadHoweverItIsFramed() throws IOException {
    String body = "x".repeat(TestServer.BODY_LIMIT);
    try (var test = new TestServer();
        var client = test.connect()) {
      client.send(post("/size", "Content-Length: " + body.length()) + body);
      assertThat(client.answer().body()).isEqualTo("100000");
      client.send(post("/size", "Transfer-Encoding: chunked") + chunk(body) + "0\r\n\r\n");
      assertThat(client.answer().body()).isEqualTo("100000");
    }
  }

  @Test
  void aChunkedBodyWithOneByteMoreIsRefusedAndNotCut() throws IOException {
    String body = "x".repeat(TestServer.BODY_LIMIT);
    try (var test = new TestServer();
        var client = test.connect()) {
      client.send(
          post("/size", "Transfer-Encoding: chunked") + chunk(body) + chunk("y") + "0\r\n\r\n");
      Answer answer = client.answer();
      isProblem(answer, 413);
      assertThat(answer.body()).contains("100000 bytes");
    }
  }

  @Test
  void aDeclaredLengthOverTheLimitIsRefusedBeforeTheBodyIsSent() throws IOException {
    try (var test = new TestServer();
        var client = test.connect()) {
      client.send(post("/size", "Content-Length: 100001\r\nExpect: 100-continue"));
      isProblem(client.answer(), 413);
      assertThat(client.closed()).isTrue();
    }
  }

  @Test
  void anExpectingClientIsToldToContinue() throws IOException {
    try (var test = new TestServer();
        var client = test.connect()) {
      client.send(post("/size", "Content-Length: 3\r\nExpect: 100-continue"));
      assertThat(client.answer().status()).isEqualTo(100);
      assertThat(client.send("abc").answer().body()).isEqualTo("3");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/private", "/ignore", "/nowhere"})
  void aClientThatSendsALotGetsToSeeAnEarlyAnswer(String path) throws IOException {
    var body = new byte[4 * 1024 * 1024];
    try (var test = new TestServer();
        var client = test.connect()) {
      client.send(post(path, "Content-Length: " + body.length)).send(body);
      assertThat(client.answer().status()).isIn(401, 200, 404);
      assertThat(client.closed()).isTrue();
    }
  }

  @Test
  void aBodyThatDripsIsGivenUpInTime() throws Exception {
    try (var test = new TestServer(TestServer.body(Duration.ofMillis(300)));
        var client = test.connect()) {
      client.send(post("/size", "Content-Length: 1000"));
      CompletableFuture<Answer> answer =
          CompletableFuture.supplyAsync(() -> {
            try {
              return client.answer();
            } catch (IOException e) {
              throw new IllegalStateException(e);
            }
          });
      for (int sent = 0; !answer.isDone() && sent < 999; sent++) {
        boolean refused = client.refused(new byte[] {'x'});
        if (refused || drip(answer)) {
          break;
        }
      }
      isProblem(answer.get(5, TimeUnit.SECONDS), 408);
    }
  }

  /** Waits a little for the answer: the pace of the drip. */
  private static boolean drip(CompletableFuture<Answer> answer) throws Exception {
    try {
      answer.get(20, TimeUnit.MILLISECONDS);
      return true;
    } catch (java.util.concurrent.TimeoutException e) {
      return false;
    }
  }

  @Test
  void aBodyThatNeverComesIsGivenUpInTime() throws IOException {
    try (var test = new TestServer(TestServer.body(Duration.ofMillis(200)));
        var client = test.connect()) {
      isProblem(client.send(post("/size", "Transfer-Encoding: chunked")).answer(), 408);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Transfer-Encoding: chunked\r\n\r\nzz\r\nabc",
        "Content-Length: -1\r\n\r\n",
        "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Bad Header\r\n\r\n"
      })
  void brokenFramingIsAProblemAndEndsTheConnection(String rest) throws IOException {
    try (var test = new TestServer();
        var client = test.connect()) {
      isProblem(client.send("POST /size HTTP/1.1\r\n" + HOST + rest).answer(), 400);
      assertThat(client.closed()).isTrue();
    }
  }

  @Test
  void pipelinedRequestsAreAnsweredInOrderAndJunkBehindThemEndsTheConnection() throws IOException {
    try (var test = new TestServer();
        var client = test.connect()) {
      String get = "GET /hello/%d HTTP/1.1\r\n" + HOST + "\r\n";
      client.send(get.formatted(1) + get.formatted(2) + "\u0001\u0002 junk\r\n\r\n");
      assertThat(client.answer().body()).isEqualTo("hello 1 {}");
      assertThat(client.answer().body()).isEqualTo("hello 2 {}");
      isProblem(client.answer(), 400);
      assertThat(client.closed()).isTrue();
    }
  }

  @Test
  void headersBeyondTheLimitAreRefused() throws IOException {
    try (var test = new TestServer();
        var client = test.connect()) {
      String head = "GET /hello/a HTTP/1.1\r\n" + HOST + "X-Large: ";
      isProblem(client.send(head + "x".repeat(33 * 1024) + "\r\n\r\n").answer(), 431);
    }
    try (var test = new TestServer();
        var client = test.connect()) {
      String head = "GET /hello/a HTTP/1.1\r\n" + HOST + "X-Large: ";
      client.send(head + "x".repeat(31 * 1024) + "\r\n\r\n");
      assertThat(client.answer().status()).isEqualTo(200);
    }
  }

  @Test
  void anUnexpectedFailureIsLoggedOnceWithTheRequestIdAndTellsNothing() throws IOException {
    var log = (Logger) LoggerFactory.getLogger("dev.posthorn.dispatcher.http");
    var lines = new ListAppender<ILoggingEvent>();
    lines.start();
    log.addAppender(lines);
    try (var test = new TestServer();
        var client = test.connect()) {
      Answer answer =
          client.send("GET /broken HTTP/1.1\r\n" + HOST + "X-Request-Id: r-1\r\n\r\n").answer();
      isProblem(answer, 500);
      assertThat(answer.body()).doesNotContain("secret thought", "Exception");
      assertThat(lines.list).hasSize(1);
      assertThat(lines.list.getFirst().getKeyValuePairs())
          .anySatisfy(pair -> assertThat(pair).hasToString("requestId=\"r-1\""));
    } finally {
      log.detachAppender(lines);
    }
  }

  @Test
  void aStopLetsRequestsInFlightFinishAndTakesNoMore() throws Exception {
    try (var test = new TestServer();
        var busy = test.connect()) {
      busy.send("GET /wait HTTP/1.1\r\n" + HOST + "\r\n");
      test.entered.await();
      Listen was = test.server.listen();
      CompletableFuture<Boolean> stopped = CompletableFuture.supplyAsync(test.server::stop);
      awaitRefusal(was);
      assertThat(stopped).isNotDone();
      test.release.countDown();
      assertThat(busy.answer().body()).isEqualTo("waited");
      assertThat(stopped).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(true);
    }
  }

  /** A connection that waits to be accepted while the listener closes is reset, not refused. */
  private static void awaitRefusal(Listen listen) {
    await()
        .pollInterval(Duration.ofMillis(5))
        .untilAsserted(() ->
            assertThatThrownBy(() -> new RawConnection(listen).close())
                .isInstanceOf(ConnectException.class));
  }

  @Test
  void aStopCutsOffWhatDoesNotFinishInTime() throws Exception {
    var limits =
        new ServerLimits(
            32 * 1024, 10, Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofMillis(200));
    try (var test = new TestServer(limits);
        var busy = test.connect()) {
      busy.send("GET /wait HTTP/1.1\r\n" + HOST + "\r\n");
      test.entered.await();
      assertThat(CompletableFuture.supplyAsync(test.server::stop))
          .succeedsWithin(Duration.ofSeconds(10))
          .isEqualTo(false);
    }
  }

  @Test
  void connectionsBeyondTheCapWaitUntilOneEnds() throws IOException {
    var limits =
        new ServerLimits(
            32 * 1024, 2, Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(1));
    String get = "GET /hello/a HTTP/1.1\r\n" + HOST + "\r\n";
    try (var test = new TestServer(limits);
        var first = test.connect();
        var second = test.connect()) {
      assertThat(first.send(get).answer().status()).isEqualTo(200);
      assertThat(second.send(get).answer().status()).isEqualTo(200);
      try (var third = test.connect()) {
        third.patience(300).send(get);
        assertThat(silent(third)).isTrue();
        first.hangUp();
        assertThat(third.patience(10_000).answer().status()).isEqualTo(200);
      }
    }
  }

  private static boolean silent(RawConnection connection) throws IOException {
    try {
      connection.answer();
      return false;
    } catch (SocketTimeoutException e) {
      return true;
    }
  }

  @Test
  void aSilentConnectionIsClosed() throws IOException {
    var limits =
        new ServerLimits(
            32 * 1024, 10, Duration.ofMillis(200), Duration.ofSeconds(5), Duration.ofSeconds(1));
    try (var test = new TestServer(limits);
        var idle = test.connect();
        var halfway = test.connect()) {
      halfway.send("GET /hello/a HT");
      assertThat(idle.closed()).isTrue();
      assertThat(halfway.rest())
          .satisfiesAnyOf(
              rest -> assertThat(rest).isEmpty(),
              rest -> assertThat(rest).startsWith("HTTP/1.1 4"));
    }
  }

  @Test
  void headersThatDripAreCutOff() throws Exception {
    var limits =
        new ServerLimits(
            32 * 1024, 10, Duration.ofMillis(300), Duration.ofMillis(200), Duration.ofSeconds(1));
    try (var test = new TestServer(limits);
        var client = test.connect()) {
      client.send("GET /hello/a HTTP/1.1\r\nX-Drip: ");
      var never = new CompletableFuture<Answer>();
      long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
      boolean refused = false;
      while (!refused && System.nanoTime() < until) {
        refused = client.refused(new byte[] {'x'}) || drip(never);
      }
      assertThat(refused).isTrue();
    }
  }

  @Test
  void requestsAreTimedByTemplateAlone() throws IOException {
    try (var test = new TestServer();
        var client = test.connect()) {
      client.send("GET /hello/acme HTTP/1.1\r\n" + HOST + "\r\n").answer();
      client.send("GET /nobody/knows HTTP/1.1\r\n" + HOST + "\r\n").answer();
      client.send("GET /hello/other HTTP/1.1\r\n" + HOST + "\r\n").answer();
      assertThat(count(test, "/hello/{name}")).isEqualTo(2);
      assertThat(count(test, "unknown")).isEqualTo(1);
      assertThat(test.metrics.getMeters())
          .allSatisfy(meter -> assertThat(meter.getId().getTags()).hasSizeLessThanOrEqualTo(2));
    }
  }

  /** The timer stops after the answer was written, so the last request may still be counted. */
  private static long count(TestServer test, String route) {
    var timer = test.metrics.get("posthorn.http.request.duration").tag("route", route).timer();
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
    while (timer.count() < (route.equals("unknown") ? 1 : 2) && System.nanoTime() < until) {
      Thread.onSpinWait();
    }
    return timer.count();
  }

  private static String post(String path, String headers) {
    return "POST " + path + " HTTP/1.1\r\n" + HOST + headers + "\r\n\r\n";
  }

  private static String chunk(String text) {
    return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
  }
}
