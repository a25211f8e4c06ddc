package dev.posthorn.dispatcher.send;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.EventListener;
import okhttp3.Handshake;
import okhttp3.Protocol;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * What happened to one request, step by step. Written by the sending thread, but for {@link
 * #connectStart}: OkHttp dials on threads of its own and hands the result over before it goes on.
 */
final class Trace extends EventListener {
  /** The request of this thread, while OkHttp works on it. */
  static final ScopedValue<Trace> CURRENT = ScopedValue.newInstance();

  /** How far the request came. */
  enum Step {
    LOOKUP,
    CONNECT,
    TLS,
    REQUEST,
    ANSWER
  }

  private final long start;
  private final long timeoutNanos;

  private volatile Step step = Step.LOOKUP;
  private volatile long connectStart;
  private volatile @Nullable InetSocketAddress dialled;
  private int port;
  private @Nullable LastUse lastUse;
  private long dnsStart;
  private long tlsStart;
  private long dns = Timings.NONE;
  private long connect = Timings.NONE;
  private long tls = Timings.NONE;
  private long firstByte = Timings.NONE;
  private long received;
  private boolean clientCertificateWanted;
  private boolean clientCertificateFitted;
  private @Nullable Instant certificateNotAfter;
  private @Nullable Response answer;

  /** {@code start} is now, as {@link System#nanoTime()}. */
  Trace(long start, long timeoutNanos) {
    this.start = start;
    this.timeoutNanos = timeoutNanos;
  }

  @Override
  public void dnsStart(Call call, String domainName) {
    dnsStart = System.nanoTime();
  }

  @Override
  public void dnsEnd(Call call, String domainName, List<InetAddress> addresses) {
    dns = micros(dnsStart);
  }

  @Override
  public void connectStart(Call call, InetSocketAddress address, Proxy proxy) {
    if (connectStart == 0) {
      connectStart = System.nanoTime();
    }
    dialled = address;
    step = Step.CONNECT;
  }

  @Override
  public void secureConnectStart(Call call) {
    tlsStart = System.nanoTime();
    connect = (tlsStart - connectStart) / 1_000;
    step = Step.TLS;
  }

  @Override
  public void secureConnectEnd(Call call, @Nullable Handshake handshake) {
    tls = micros(tlsStart);
  }

  @Override
  public void connectEnd(
      Call call, InetSocketAddress address, Proxy proxy, @Nullable Protocol protocol) {
    if (connect == Timings.NONE) {
      connect = micros(connectStart);
    }
  }

  @Override
  public void connectionAcquired(Call call, Connection connection) {
    dialled = connection.route().socketAddress();
    if (connection.socket() instanceof SSLSocket socket) {
      certificateNotAfter = notAfter(socket);
    }
  }

  @Override
  public void connectionReleased(Call call, Connection connection) {
    if (lastUse != null) {
      lastUse.released(connection);
    }
  }

  @Override
  public void requestHeadersStart(Call call) {
    received = 0;
    step = Step.REQUEST;
  }

  @Override
  public void responseHeadersEnd(Call call, Response response) {
    firstByte = micros(start);
    answer = response;
    step = Step.ANSWER;
  }

  /**
   * The receiver asked for a client certificate in the handshake; {@code fitting} = it got one that
   * may please it.
   */
  void clientCertificateWanted(boolean fitting) {
    clientCertificateWanted = true;
    clientCertificateFitted |= fitting;
  }

  /** The receiver showed a certificate that ends then. */
  void certificate(Instant notAfter) {
    certificateNotAfter = notAfter;
  }

  void received(int bytes) {
    received += bytes;
  }

  /** What is known only after the URL was judged; set before the request begins. */
  void begin(int port, LastUse lastUse) {
    this.port = port;
    this.lastUse = lastUse;
    step = Step.LOOKUP;
  }

  int port() {
    return port;
  }

  /** Whether it had to connect, so that its connection was never used before. */
  boolean connected() {
    return connectStart != 0;
  }

  Step step() {
    return step;
  }

  /** Nanoseconds until the request's deadline, at least 0. */
  long remainingNanos() {
    return Math.max(0, timeoutNanos - (System.nanoTime() - start));
  }

  /** Bytes that came since the request was begun; 0 on HTTP/2, where another thread reads. */
  long received() {
    return received;
  }

  boolean clientCertificateWanted() {
    return clientCertificateWanted;
  }

  boolean clientCertificateFitted() {
    return clientCertificateFitted;
  }

  @Nullable Instant certificateNotAfter() {
    return certificateNotAfter;
  }

  /** The answer's status and headers; its body belongs to the call. */
  @Nullable Response answer() {
    return answer;
  }

  @Nullable InetSocketAddress dialled() {
    return dialled;
  }

  Timings timings() {
    return new Timings(dns, connect, tls, firstByte, micros(start));
  }

  private static long micros(long since) {
    return (System.nanoTime() - since) / 1_000;
  }

  private static @Nullable Instant notAfter(SSLSocket socket) {
    try {
      return socket.getSession().getPeerCertificates()[0] instanceof X509Certificate leaf
          ? leaf.getNotAfter().toInstant()
          : null;
    } catch (SSLPeerUnverifiedException e) {
      return null;
    }
  }
}
