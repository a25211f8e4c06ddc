package dev.posthorn.dispatcher.send;

import dev.posthorn.core.config.EndpointConfig;
import dev.posthorn.core.config.OutcomeClass;
import dev.posthorn.core.egress.EgressGuard;
import dev.posthorn.core.event.Event;
import dev.posthorn.core.event.RenderedBody;
import dev.posthorn.core.expression.EventVariables;
import dev.posthorn.core.expression.FilterOutcome;
import dev.posthorn.core.expression.Transform;
import dev.posthorn.core.expression.TransformOutcome;
import dev.posthorn.core.signing.Message;
import dev.posthorn.core.signing.Scheme;
import dev.posthorn.dispatcher.snapshot.Destination;
import dev.posthorn.dispatcher.snapshot.NamedKey;
import dev.posthorn.dispatcher.snapshot.RequestSigner;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns an event into a request to one endpoint. The steps, in order: ask a filter that had no
 * verdict again, render or take the frozen body, add headers, sign with the keys of this moment.
 * Any thread.
 */
public final class Preparation {
  private final String userAgent;
  private final TlsCache tls = new TlsCache();

  /**
   * Creates the steps.
   *
   * @param version Posthorn's own, for {@code user-agent}
   */
  public Preparation(String version) {
    this.userAgent = "Posthorn/" + version;
  }

  /**
   * Makes a request ready.
   *
   * @param n number of the attempt, from 1
   * @param frozen the body of the first attempt that was recorded; null where there is none
   * @param now when it is signed
   */
  public Prepared prepare(
      Event event,
      Destination to,
      int n,
      @Nullable FrozenBody frozen,
      EgressGuard guard,
      Instant now) {
    Optional<Prepared.Unsendable> stopped = stoppedFilter(event, to);
    if (stopped.isPresent()) {
      return stopped.get();
    }
    if (!to.signableAt(now)) {
      return new Prepared.Unsendable(
          OutcomeClass.SIGNING_UNAVAILABLE,
          "no key may sign at this time; acknowledge the new key, or mend the SigningSecret");
    }
    return switch (body(event, to, frozen)) {
      case Rendering.Failed(var reason) ->
          new Prepared.Unsendable(OutcomeClass.PAYLOAD_ERROR, reason);
      case Rendering.Done(var body) -> request(event, to, n, body, guard, now);
    };
  }

  private static Optional<Prepared.Unsendable> stoppedFilter(Event event, Destination to) {
    return to.filter()
        .map(filter -> filter.test(EventVariables.of(event)))
        .filter(FilterOutcome.OverBudget.class::isInstance)
        .map(outcome ->
            new Prepared.Unsendable(
                OutcomeClass.PAYLOAD_ERROR,
                "events.filter was stopped: " + ((FilterOutcome.OverBudget) outcome).reason()));
  }

  /** A body, or why there is none. */
  private sealed interface Rendering {
    record Done(RenderedBody body) implements Rendering {}

    record Failed(String reason) implements Rendering {}
  }

  private static Rendering body(Event event, Destination to, @Nullable FrozenBody frozen) {
    if (frozen != null) {
      return new Rendering.Done(frozen.body());
    }
    Optional<Transform> transform = to.transform();
    if (transform.isEmpty()) {
      return new Rendering.Done(to.config().body().format().render(event));
    }
    return switch (transform.get().apply(EventVariables.of(event))) {
      case TransformOutcome.Transformed(var json) ->
          new Rendering.Done(RenderedBody.transformed(json));
      case TransformOutcome.Failed(var reason) ->
          new Rendering.Failed("body.transform failed: " + reason);
      case TransformOutcome.OverBudget(var reason) ->
          new Rendering.Failed("body.transform was stopped: " + reason);
    };
  }

  private Prepared request(
      Event event, Destination to, int n, RenderedBody body, EgressGuard guard, Instant now) {
    EndpointConfig config = to.config();
    var headers = new ArrayList<Header>(12);
    headers.add(new Header("content-type", body.contentType()));
    headers.add(new Header("user-agent", userAgent));
    headers.add(new Header("posthorn-event-id", event.id().value()));
    headers.add(new Header("posthorn-event-type", typeText(event)));
    headers.add(new Header("posthorn-attempt", Integer.toString(n)));
    body.headers().forEach(each -> headers.add(new Header(each.name(), each.value())));
    config.headers().forEach(each -> headers.add(new Header(each.name(), each.value())));
    var keyIds = new ArrayList<String>(2);
    sign(event, to, body, now, headers, keyIds);
    var request =
        new OutboundRequest(
            config.name().toString(),
            config.name().namespace(),
            config.target().url(),
            headers,
            body.bytes(),
            Duration.ofSeconds(config.delivery().timeoutSeconds()),
            tls.settings(config.tls()),
            guard);
    return new Prepared.Ready(request, new FrozenBody(body), keyIds);
  }

  private static String typeText(Event event) {
    return dev.posthorn.core.event.Header.encoded("type", event.published().type()).value();
  }

  private static void sign(
      Event event,
      Destination to,
      RenderedBody body,
      Instant now,
      List<Header> headers,
      List<String> keyIds) {
    var sent =
        headers.stream()
            .map(each -> new dev.posthorn.core.signing.Header(each.name(), each.value()))
            .toList();
    String url = to.config().target().url();
    var message = new Message(event.id().value(), now, "POST", url, sent, body.bytes());
    var signed = new ArrayList<List<dev.posthorn.core.signing.Header>>(1);
    for (RequestSigner signer : to.signers()) {
      List<NamedKey> keys = signer.keysAt(now);
      keys.forEach(key -> keyIds.add(key.keyId()));
      signed.add(signer.scheme().sign(keys.stream().map(NamedKey::key).toList(), message));
    }
    Scheme.joined(to.signers().stream().map(RequestSigner::scheme).toList(), signed)
        .forEach(each -> headers.add(new Header(each.name(), each.value())));
  }
}
