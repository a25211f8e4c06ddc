package dev.posthorn.dispatcher.send;

import dev.posthorn.core.config.OutcomeClass;
import dev.posthorn.core.egress.EgressGuard;
import dev.posthorn.core.egress.EgressPolicy;
import java.io.IOException;
import java.net.ProtocolException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import okhttp3.Call;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Sends with OkHttp. Each request is judged by its own guard: the URL here, the answers of the
 * lookup in {@link VettedDns}, the address dialled in {@link GuardedSockets}. Any thread; {@link
 * #send} blocks it.
 */
public final class OkHttpTransport implements Transport {
  /** Set by the client; an endpoint's own would change where or how the request is read. */
  private static final Set<String> OWN_HEADERS = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

  static {
    Collections.addAll(
        OWN_HEADERS,
        "accept-encoding",
        "connection",
        "content-length",
        "expect",
        "host",
        "keep-alive",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade");
  }

  private final InstantSource clock;
  private final LookupCache lookups;
  private final LastUse lastUse;
  private final TlsContexts contexts = new TlsContexts();
  private final ConnectionPools pools = new ConnectionPools();
  private final Deadlines deadlines = new Deadlines();

  /** Guarded by this; normally one, two while a policy changes. */
  private final Map<EgressPolicy, Clients> clientsByPolicy = new HashMap<>();

  private volatile @Nullable Current current;
  private volatile boolean closed;

  /** {@code clock} ages lookups and is compared with the receivers' clocks. */
  public OkHttpTransport(NameResolver resolver, InstantSource clock) {
    this(resolver, clock, Duration.ofSeconds(1));
  }

  /** Connections used within {@code fresh} are not looked at before they are used again. */
  OkHttpTransport(NameResolver resolver, InstantSource clock, Duration fresh) {
    this.clock = clock;
    this.lookups = new LookupCache(resolver, clock);
    this.lastUse = new LastUse(fresh);
  }

  @Override
  public Exchange send(OutboundRequest outbound, BooleanSupplier maySend) {
    var trace = new Trace(System.nanoTime(), outbound.timeout().toNanos());
    var clients = clients(outbound.guard());
    return switch (clients.targets().of(outbound.url(), outbound.namespace())) {
      case Targets.Target.Closed(var denied) -> Exchanges.denied(denied, trace);
      case Targets.Target.Open(var url) -> send(outbound, maySend, url, clients, trace);
    };
  }

  private Exchange send(
      OutboundRequest outbound,
      BooleanSupplier maySend,
      HttpUrl url,
      Clients clients,
      Trace trace) {
    var headers = headers(outbound);
    if (headers == null) {
      return Exchanges.failed(
          OutcomeClass.PAYLOAD_ERROR, "a header holds what HTTP cannot carry", trace);
    }
    var body = RequestBody.create(outbound.body(), null);
    var request =
        new Request.Builder()
            .url(url)
            .headers(headers)
            .tag(Trace.class, trace)
            .tag(BooleanSupplier.class, maySend)
            .post(body)
            .build();
    trace.begin(url.port(), lastUse);
    var client = clients.get(outbound.endpoint(), outbound.tls());
    var call = client.newCall(request);
    return ScopedValue.where(Trace.CURRENT, trace).call(() -> exchange(call, trace));
  }

  @Override
  public synchronized void close() {
    closed = true;
    clientsByPolicy.values().forEach(Clients::close);
    deadlines.close();
  }

  private static @Nullable Headers headers(OutboundRequest outbound) {
    var headers = new Headers.Builder();
    try {
      for (var header : outbound.headers()) {
        if (!OWN_HEADERS.contains(header.name())) {
          headers.add(header.name(), header.value());
        }
      }
    } catch (IllegalArgumentException e) {
      return null; // The message would show the value.
    }
    // Nothing is ever inflated: a small answer stays small.
    return headers.set("Accept-Encoding", "identity").build();
  }

  private Clients clients(EgressGuard guard) {
    var known = current;
    return known != null && known.guard == guard ? known.clients : change(guard);
  }

  /** A policy that is not the present one closes the connections that the others left open. */
  private synchronized Clients change(EgressGuard guard) {
    var clients = clientsByPolicy.get(guard.policy());
    if (clients == null) {
      clientsByPolicy.values().forEach(Clients::retire);
      clientsByPolicy.clear();
      clients = new Clients(guard, lookups, contexts, lastUse, pools);
      clientsByPolicy.put(guard.policy(), clients);
      if (closed) {
        clients.close();
      }
    }
    current = new Current(guard, clients);
    return clients;
  }

  private Exchange exchange(Call call, Trace trace) {
    try (var _ = deadlines.begin(call, trace.remainingNanos());
        var response = start(call)) {
      var excerpt = Excerpt.read(response.body());
      if (excerpt.abandon()) {
        call.cancel();
      }
      return Exchanges.answered(trace, excerpt, clock.instant());
    } catch (StaleConnection e) {
      return exchange(call.clone(), trace);
    } catch (Withdrawn e) {
      return Exchanges.failed(OutcomeClass.SIGNING_UNAVAILABLE, e.toString(), trace);
    } catch (IOException e) {
      return failed(e, trace);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Exchanges.failed(OutcomeClass.SHUTDOWN, "interrupted", trace);
    }
  }

  /** OkHttp throws InterruptedException undeclared: it waits for connections on a queue. */
  private static Response start(Call call) throws IOException, InterruptedException {
    return call.execute();
  }

  private Exchange failed(IOException failure, Trace trace) {
    if (closed || Thread.currentThread().isInterrupted()) {
      return Exchanges.failed(OutcomeClass.SHUTDOWN, "the transport is closed", trace);
    }
    var answer = trace.answer();
    if (answer != null && failure instanceof ProtocolException && hasNoBody(answer.code())) {
      // The answer was complete; only its Content-Length contradicts its status.
      return Exchanges.answered(trace, Excerpt.EMPTY, clock.instant());
    }
    var outcome = Failure.classify(failure, trace, trace.remainingNanos() == 0);
    return Exchanges.failed(outcome, failure.toString(), trace);
  }

  private static boolean hasNoBody(int status) {
    return status == 204 || status == 205;
  }

  private record Current(EgressGuard guard, Clients clients) {}
}
