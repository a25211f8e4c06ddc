package dev.posthorn.dispatcher.send;

import dev.posthorn.core.egress.EgressGuard;
import java.io.IOException;
import java.net.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import okhttp3.ConnectionPool;
import okhttp3.ConnectionSpec;
import okhttp3.Dispatcher;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Response;

/**
 * The clients of one policy. OkHttp scans a whole connection pool on each call, so pools (and the
 * lists of running calls) are split by endpoint; all clients share one configuration. A connection
 * made under one policy is never used under another, because each has its own {@link VettedDns}.
 */
final class Clients {
  private static final int SHARDS = 256;
  private static final int MAX_CLIENTS = 16_384;
  private static final Duration CONNECT = Duration.ofSeconds(5);

  /** Detects a dead HTTP/2 connection, which would otherwise take further requests to time out. */
  private static final Duration PING = Duration.ofSeconds(15);

  private final OkHttpClient common;
  private final List<Shard> shards = new ArrayList<>(SHARDS);
  private final ConcurrentHashMap<Key, OkHttpClient> clients = new ConcurrentHashMap<>();
  private final Targets targets;
  private final TlsContexts contexts;
  private final LastUse lastUse;
  private volatile boolean closed;

  Clients(
      EgressGuard guard,
      LookupCache lookups,
      TlsContexts contexts,
      LastUse lastUse,
      ConnectionPools pools) {
    this.targets = new Targets(guard);
    this.contexts = contexts;
    this.lastUse = lastUse;
    this.common =
        new OkHttpClient.Builder()
            .proxy(Proxy.NO_PROXY)
            .dns(new VettedDns(guard, lookups))
            .socketFactory(new GuardedSockets(guard))
            .followRedirects(false)
            .followSslRedirects(false)
            .retryOnConnectionFailure(false)
            .connectTimeout(CONNECT)
            // The deadline is one for all steps, and not OkHttp's: see Deadlines.
            .readTimeout(Duration.ZERO)
            .writeTimeout(Duration.ZERO)
            .pingInterval(PING)
            .eventListenerFactory(call -> call.request().tag(Trace.class))
            .addInterceptor(this::refuseWhenClosed)
            .addNetworkInterceptor(this::refuseStale)
            .addNetworkInterceptor(Clients::refuseWithdrawn)
            .addNetworkInterceptor(Clients::maskFollowUps)
            .build();
    for (int i = 0; i < SHARDS; i++) {
      shards.add(new Shard(pools.pool()));
    }
  }

  /** URLs as this policy judges them. */
  Targets targets() {
    return targets;
  }

  /** The client for requests of {@code endpoint} with these settings. */
  OkHttpClient get(String endpoint, TlsSettings tls) {
    int shard = Math.floorMod((endpoint.hashCode() * 0x9E3779B1) >>> 16, SHARDS);
    var key = new Key(shard, tls);
    var known = clients.get(key);
    if (known != null) {
      return known;
    }
    if (clients.size() >= MAX_CLIENTS) {
      clients.clear();
    }
    return clients.computeIfAbsent(key, this::make);
  }

  /** Closes all idle connections; those in use close when their request ends. */
  void retire() {
    shards.forEach(shard -> shard.pool.evictAll());
  }

  /** Ends all requests in flight and lets no further one begin. */
  void close() {
    closed = true;
    shards.forEach(shard -> shard.running.cancelAll());
    retire();
  }

  private OkHttpClient make(Key key) {
    var context = contexts.get(key.tls);
    var shard = shards.get(key.shard);
    return common
        .newBuilder()
        .connectionPool(shard.pool)
        .dispatcher(shard.running)
        .connectionSpecs(List.of(versions(key.tls), ConnectionSpec.CLEARTEXT))
        .sslSocketFactory(context.factory(), context.trust())
        .build();
  }

  /** Runs when the call is already in its shard's list, so that none slips past {@link #close}. */
  private Response refuseWhenClosed(Interceptor.Chain chain) throws IOException {
    if (closed) {
      throw new IOException("closed");
    }
    return chain.proceed(chain.request());
  }

  private static ConnectionSpec versions(TlsSettings tls) {
    return switch (tls.minVersion()) {
      case TLS_1_2 -> ConnectionSpec.MODERN_TLS;
      case TLS_1_3 ->
          new ConnectionSpec.Builder(ConnectionSpec.MODERN_TLS)
              .tlsVersions(okhttp3.TlsVersion.TLS_1_3)
              .build();
    };
  }

  /** A call that ends so can be made again: the receiver has seen nothing of it. */
  private Response refuseStale(Interceptor.Chain chain) throws IOException {
    var connection = chain.connection();
    var trace = chain.request().tag(Trace.class);
    if (connection != null
        && trace != null
        && !trace.connected()
        && connection.protocol() == Protocol.HTTP_1_1
        && lastUse.ended(connection)) {
      throw new StaleConnection();
    }
    return chain.proceed(chain.request());
  }

  /** Connecting may take seconds; a revocation does not wait for it. */
  private static Response refuseWithdrawn(Interceptor.Chain chain) throws IOException {
    var maySend = chain.request().tag(BooleanSupplier.class);
    if (maySend != null && !maySend.getAsBoolean()) {
      throw new Withdrawn();
    }
    return chain.proceed(chain.request());
  }

  /**
   * OkHttp would send again by itself after 408, 421 and 503 with {@code Retry-After: 0}, and fail
   * at a 407 without a proxy. It sees another status instead; {@link Trace} has the true one.
   */
  private static Response maskFollowUps(Interceptor.Chain chain) throws IOException {
    var response = chain.proceed(chain.request());
    return switch (response.code()) {
      case 407, 408, 421, 503 -> response.newBuilder().code(500).build();
      default -> response;
    };
  }

  private record Key(int shard, TlsSettings tls) {}

  /** What the endpoints of one bucket share. */
  private static final class Shard {
    final ConnectionPool pool;
    final Dispatcher running = new Dispatcher();

    Shard(ConnectionPool pool) {
      this.pool = pool;
    }
  }
}
