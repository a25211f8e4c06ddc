package dev.posthorn.dispatcher;

import dev.posthorn.core.config.DispatcherSettings;
import dev.posthorn.core.config.EndpointConfig;
import dev.posthorn.dispatcher.send.Exchange;
import dev.posthorn.dispatcher.send.Header;
import dev.posthorn.dispatcher.send.OutboundRequest;
import dev.posthorn.dispatcher.send.Prepared;
import dev.posthorn.dispatcher.store.AttemptDetail;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the delivery log keeps of an exchange: nothing that is a credential. */
final class AttemptLog {
  private static final String MASKED = "***";

  /** Masked whatever the settings say: they carry credentials by their meaning. */
  private static final Set<String> CREDENTIALS =
      Set.of("authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key");

  private AttemptLog() {}

  /** The detail of an exchange with an endpoint. */
  static AttemptDetail detail(
      Prepared.Ready ready,
      Exchange exchange,
      EndpointConfig endpoint,
      DispatcherSettings.Log settings) {
    Set<String> masked = new HashSet<>(CREDENTIALS);
    masked.addAll(settings.redactHeaders());
    endpoint.headers().stream()
        .filter(EndpointConfig.Header::secret)
        .forEach(header -> masked.add(header.name().toLowerCase(Locale.ROOT)));
    Duration skew = exchange.clockSkew();
    var timings = exchange.timings();
    return new AttemptDetail(
        exchange.address(),
        ready.keyIds(),
        new AttemptDetail.Timings(
            timings.dns(), timings.connect(), timings.tls(), timings.firstByte(), timings.total()),
        request(ready.request(), masked, settings.requestBody()),
        response(exchange, masked, settings.responseBody()),
        exchange.certificateNotAfter(),
        skew == null ? null : skew.toSeconds());
  }

  private static AttemptDetail.Message request(
      OutboundRequest request, Set<String> masked, boolean withBody) {
    byte[] body = request.body();
    int kept = withBody ? Math.min(body.length, Exchange.EXCERPT_BYTES) : 0;
    return new AttemptDetail.Message(
        headers(request.headers(), masked),
        kept == body.length ? body : Arrays.copyOf(body, kept),
        kept < body.length);
  }

  private static AttemptDetail.@Nullable Message response(
      Exchange exchange, Set<String> masked, boolean withBody) {
    if (exchange.status() == 0) {
      return null;
    }
    return new AttemptDetail.Message(
        headers(exchange.headers(), masked),
        withBody ? exchange.excerpt() : new byte[0],
        exchange.truncated() || (!withBody && exchange.excerpt().length > 0));
  }

  private static List<AttemptDetail.Header> headers(List<Header> headers, Set<String> masked) {
    return headers.stream()
        .map(header ->
            new AttemptDetail.Header(
                header.name(),
                masked.contains(header.name().toLowerCase(Locale.ROOT)) ? MASKED : header.value()))
        .toList();
  }
}
