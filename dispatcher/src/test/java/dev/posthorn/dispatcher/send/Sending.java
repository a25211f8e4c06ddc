package dev.posthorn.dispatcher.send;

import dev.posthorn.core.egress.AllowedCidr;
import dev.posthorn.core.egress.EgressGuard;
import dev.posthorn.core.egress.EgressPolicy;
import dev.posthorn.dispatcher.send.NameResolver.NotFound;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;

/** Requests and transports of the tests, with loopback opened. */
final class Sending {
  static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
  static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
  static final EgressPolicy LOOPBACK =
      EgressPolicy.DEFAULT
          .withAllowHttp(true)
          .withAllowCidrs(List.of(AllowedCidr.parse("127.0.0.0/8")));
  static final EgressGuard LOOPBACK_GUARD = new EgressGuard(LOOPBACK);
  static final Duration LONG = Duration.ofSeconds(10);
  static final Duration SHORT = Duration.ofMillis(300);

  private Sending() {}

  static OkHttpTransport transport() {
    return new OkHttpTransport(name -> new NotFound(), CLOCK);
  }

  /** Looks at each connection that was not used within {@code fresh}. */
  static OkHttpTransport transport(Duration fresh) {
    return new OkHttpTransport(name -> new NotFound(), CLOCK, fresh);
  }

  /** Knows these names only, without their final dots. */
  static NameResolver names(Map<String, String> addresses) {
    return name -> {
      var address = addresses.get(name.substring(0, name.length() - 1));
      return address == null
          ? new NotFound()
          : new NameResolver.Found(List.of(InetAddress.ofLiteral(address)));
    };
  }

  static OutboundRequest request(String url) {
    return request(url, LONG);
  }

  static OutboundRequest request(String url, Duration timeout) {
    return request(url, timeout, TlsSettings.DEFAULT, LOOPBACK_GUARD);
  }

  static OutboundRequest request(String url, Duration timeout, TlsSettings tls, EgressGuard guard) {
    return new OutboundRequest(
        "acme/orders",
        "acme",
        url,
        List.of(
            new Header("content-type", "application/json"),
            new Header("user-agent", "Posthorn/test"),
            new Header("webhook-id", "msg_1")),
        "{\"a\":1}".getBytes(StandardCharsets.UTF_8),
        timeout,
        tls,
        guard);
  }

  static Response response(int status) {
    return new Response.Builder()
        .request(new Request.Builder().url("http://a.com/").build())
        .protocol(Protocol.HTTP_1_1)
        .code(status)
        .message("")
        .build();
  }

  static Exchange send(String url) {
    try (var transport = transport()) {
      return transport.send(request(url));
    }
  }

  static Exchange send(String url, Duration timeout) {
    try (var transport = transport()) {
      return transport.send(request(url, timeout));
    }
  }
}
