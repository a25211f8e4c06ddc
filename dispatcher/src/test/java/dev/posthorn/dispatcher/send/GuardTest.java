package dev.posthorn.dispatcher.send;

import static dev.posthorn.core.config.OutcomeClass.DELIVERED;
import static dev.posthorn.core.config.OutcomeClass.DNS_NOT_FOUND;
import static dev.posthorn.core.config.OutcomeClass.DNS_TEMPORARY;
import static dev.posthorn.core.config.OutcomeClass.POLICY_DENIED;
import static dev.posthorn.dispatcher.send.Sending.CLOCK;
import static dev.posthorn.dispatcher.send.Sending.LONG;
import static dev.posthorn.dispatcher.send.Sending.LOOPBACK;
import static dev.posthorn.dispatcher.send.Sending.LOOPBACK_GUARD;
import static dev.posthorn.dispatcher.send.Sending.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.posthorn.core.egress.AllowedCidr;
import dev.posthorn.core.egress.AllowedHost;
import dev.posthorn.core.egress.Cidr;
import dev.posthorn.core.egress.EgressGuard;
import dev.posthorn.core.egress.EgressPolicy;
import dev.posthorn.core.egress.Verdict;
import dev.posthorn.dispatcher.send.NameResolver.Found;
import dev.posthorn.dispatcher.send.NameResolver.Unavailable;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class GuardTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
  private static final InetAddress PUBLIC = InetAddress.ofLiteral("93.184.216.34");
  private static final InetAddress HOME = InetAddress.ofLiteral("127.0.0.1");

  /** Every port is open for names, and nothing but public addresses. */
  private static EgressGuard strict(int port) {
    return new EgressGuard(
        new EgressPolicy(
            Set.of(port), true, List.of(), List.of(), List.of(), List.of(), "cluster.local"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "2130706433",
        "127.1",
        "0",
        "[::ffff:7f00:1]",
        "①②⑦.⓪.⓪.①",
        "0x7f.1",
        "%31%32%37.0.0.1",
        "127。0。0。1",
        "localhost",
        "[::1]",
        "0177.0.0.1",
        "127.0.0.1."
      })
  void noSpellingOfLoopbackReachesIt(String host) throws Exception {
    try (var server = RawServer.answering(OK);
        var transport = new OkHttpTransport(name -> new Found(List.of(HOME)), CLOCK)) {
      var url = "http://" + host + ":" + server.port() + "/s3cret";
      var exchange = transport.send(request(url, LONG, TlsSettings.DEFAULT, strict(server.port())));
      assertThat(exchange.outcome()).isEqualTo(POLICY_DENIED);
      assertThat(exchange.error()).isEqualTo(Verdict.FOR_TENANTS);
      assertThat(exchange.address()).isNull();
      assertThat(exchange.platformDetail()).doesNotContain("s3cret").contains(": ");
      assertThat(server.connections()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1", "0.0.0.0", "10.0.0.1", "169.254.169.254"})
  void theSocketItselfRefusesToDial(String address) throws Exception {
    try (var socket = new GuardedSockets(strict(443)).createSocket()) {
      assertThatThrownBy(
              () -> socket.connect(new InetSocketAddress(InetAddress.ofLiteral(address), 443), 100))
          .isInstanceOf(DeniedAddress.class);
      assertThatThrownBy(() -> socket.connect(InetSocketAddress.createUnresolved("a.com", 443)))
          .isInstanceOf(DeniedAddress.class);
    }
  }

  @Test
  void aNameThatFlipsToLoopbackIsAskedOnceAndOnlyTheVettedAddressIsDialled() throws Exception {
    var asked = new CopyOnWriteArrayList<String>();
    NameResolver flipping =
        name -> {
          asked.add(name);
          return new Found(List.of(asked.size() == 1 ? InetAddress.ofLiteral("127.0.0.2") : HOME));
        };
    try (var server = RawServer.answering(OK);
        var transport = new OkHttpTransport(flipping, CLOCK)) {
      var guard = allowing(LOOPBACK, "127.0.0.2/32");
      var url = "http://rebind.acme.com:" + server.port() + "/";
      var exchange = transport.send(request(url, Sending.SHORT, TlsSettings.DEFAULT, guard));
      assertThat(exchange.address()).isEqualTo("127.0.0.2:" + server.port());
      assertThat(asked).containsExactly("rebind.acme.com.");
      assertThat(server.connections()).isZero();
    }
  }

  @Test
  void aNameWithOnlyDeniedAddressesIsDeniedWithoutTellingThem() throws Exception {
    try (var server = RawServer.answering(OK);
        var transport = new OkHttpTransport(name -> new Found(List.of(HOME)), CLOCK)) {
      var url = "http://hooks.acme.com:" + server.port() + "/";
      var exchange = transport.send(request(url, LONG, TlsSettings.DEFAULT, strict(server.port())));
      assertThat(exchange.outcome()).isEqualTo(POLICY_DENIED);
      assertThat(exchange.error()).isEqualTo(Verdict.FOR_TENANTS);
      assertThat(exchange.platformDetail()).contains("loopback: 127.0.0.1 is in 127.0.0.0/8");
      assertThat(exchange.timings().dns()).isEqualTo(Timings.NONE);
      assertThat(server.connections()).isZero();
    }
  }

  @Test
  void ofMixedAnswersOnlyTheAllowedAreDialled() throws Exception {
    NameResolver mixed =
        name ->
            new Found(
                List.of(
                    InetAddress.ofLiteral("10.0.0.1"),
                    InetAddress.ofLiteral("::1"),
                    HOME,
                    InetAddress.ofLiteral("169.254.169.254")));
    try (var server = RawServer.answering(OK);
        var transport = new OkHttpTransport(mixed, CLOCK)) {
      var exchange = transport.send(request("http://hooks.acme.com:" + server.port() + "/"));
      assertThat(exchange.outcome()).isEqualTo(DELIVERED);
      assertThat(exchange.address()).isEqualTo("127.0.0.1:" + server.port());
    }
  }

  @Test
  void anAddressThatDoesNotAnswerGivesWayToTheNext() throws Exception {
    NameResolver two = name -> new Found(List.of(InetAddress.ofLiteral("127.0.0.2"), HOME));
    try (var server = RawServer.answering(OK);
        var transport = new OkHttpTransport(two, CLOCK)) {
      var exchange = transport.send(request("http://hooks.acme.com:" + server.port() + "/"));
      assertThat(exchange.outcome()).isEqualTo(DELIVERED);
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void aChangedPolicyClosesAndForgetsConnectionsThatAreOpen() throws Exception {
    var ended = new CountDownLatch(1);
    try (var server =
            RawServer.start(socket -> {
              while (RawServer.readRequest(socket) != null) {
                RawServer.write(socket, OK);
              }
              ended.countDown();
            });
        var transport =
            new OkHttpTransport(Sending.names(Map.of("hooks.acme.com", "127.0.0.1")), CLOCK)) {
      var url = "http://hooks.acme.com:" + server.port() + "/";
      assertThat(transport.send(request(url)).outcome()).isEqualTo(DELIVERED);
      var denied = transport.send(request(url, LONG, TlsSettings.DEFAULT, strict(server.port())));
      assertThat(denied.outcome()).isEqualTo(POLICY_DENIED);
      ended.await();
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @Test
  void anEqualPolicyInANewGuardKeepsConnections() throws Exception {
    try (var server = RawServer.answering(OK);
        var transport = Sending.transport()) {
      for (int i = 0; i < 3; i++) {
        transport.send(request(server.url(), LONG, TlsSettings.DEFAULT, new EgressGuard(LOOPBACK)));
      }
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @Test
  void aNameThatThePlatformOpenedIsLookedUpAsWritten() throws Exception {
    var asked = new CopyOnWriteArrayList<String>();
    NameResolver recording =
        name -> {
          asked.add(name);
          return new Found(List.of(HOME));
        };
    try (var server = RawServer.answering(OK);
        var transport = new OkHttpTransport(recording, CLOCK)) {
      var host = new AllowedHost("hooks.acme", Set.of(server.port()), Set.of("acme"));
      var guard =
          new EgressGuard(
              new EgressPolicy(
                  Set.of(443),
                  true,
                  List.of(),
                  List.of(host),
                  List.of(),
                  List.of(Cidr.parse("127.0.0.0/8")),
                  "cluster.local"));
      var url = "http://hooks.acme:" + server.port() + "/";
      assertThat(transport.send(request(url, LONG, TlsSettings.DEFAULT, guard)).outcome())
          .isEqualTo(DELIVERED);
      assertThat(asked).containsExactly("hooks.acme");
    }
  }

  @Test
  void jvmWideProxySettingsAreIgnored() throws Exception {
    var names = List.of("http.proxyHost", "https.proxyHost", "socksProxyHost");
    names.forEach(name -> System.setProperty(name, "192.0.2.1"));
    try (var server = RawServer.answering(OK)) {
      assertThat(Sending.send(server.url()).outcome()).isEqualTo(DELIVERED);
    } finally {
      names.forEach(System::clearProperty);
    }
  }

  @Test
  void aNameWithoutAddressAndNameServersWithoutAnswerAreToldApart() {
    assertThat(Sending.send("http://nowhere.acme.com:8080/").outcome()).isEqualTo(DNS_NOT_FOUND);
    try (var transport = new OkHttpTransport(name -> new Unavailable(), CLOCK)) {
      assertThat(transport.send(request("http://nowhere.acme.com:8080/")).outcome())
          .isEqualTo(DNS_TEMPORARY);
    }
  }

  @Test
  void aLookupThatHangsEndsAtTheDeadline() {
    var done = new CountDownLatch(1);
    var asked = new AtomicInteger();
    NameResolver hanging =
        name -> {
          asked.incrementAndGet();
          try {
            done.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return new Found(List.of(PUBLIC));
        };
    try (var transport = new OkHttpTransport(hanging, CLOCK)) {
      var request =
          request(
              "http://hooks.acme.com:8080/", Sending.SHORT, TlsSettings.DEFAULT, LOOPBACK_GUARD);
      assertThat(transport.send(request).outcome()).isEqualTo(DNS_TEMPORARY);
      assertThat(transport.send(request).outcome()).isEqualTo(DNS_TEMPORARY);
      assertThat(asked).hasValue(1);
      done.countDown();
    }
  }

  private static EgressGuard allowing(EgressPolicy policy, String range) {
    return new EgressGuard(policy.withAllowCidrs(List.of(AllowedCidr.parse(range))));
  }
}
