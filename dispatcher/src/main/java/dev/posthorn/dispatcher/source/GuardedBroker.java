package dev.posthorn.dispatcher.source;

import dev.posthorn.core.egress.EgressGuard;
import dev.posthorn.core.egress.Verdict.Denied;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisSocketFactory;
import redis.clients.jedis.exceptions.JedisConnectionException;

/**
 * Connects to a broker that a tenant named: looks the name up once, lets the guard judge each
 * answer, and dials only what it allows. One thread at a time.
 */
final class GuardedBroker implements JedisSocketFactory {
  /** More addresses than this are not tried. */
  private static final int MAX_ADDRESSES = 8;

  private final HostAndPort broker;
  private final boolean tls;
  private final Lookup lookup;
  private final String namespace;
  private final EgressGuard guard;

  /** All addresses of a name, as {@link InetAddress#getAllByName}. */
  @FunctionalInterface
  interface Lookup {
    InetAddress[] addresses(String name) throws UnknownHostException;
  }

  /** For a stream in {@code namespace}. */
  GuardedBroker(
      HostAndPort broker, boolean tls, String namespace, EgressGuard guard, Lookup lookup) {
    this.broker = broker;
    this.tls = tls;
    this.namespace = namespace;
    this.guard = guard;
    this.lookup = lookup;
  }

  /**
   * A connected socket; with TLS, one whose certificate is for the broker's name.
   *
   * @throws JedisConnectionException where there is no address, none is allowed, or none answers
   */
  @Override
  public Socket createSocket() {
    IOException last = new UnknownHostException(broker.getHost());
    for (InetAddress address : allowed()) {
      var socket = new Socket();
      try {
        socket.setTcpNoDelay(true);
        socket.setKeepAlive(true);
        socket.connect(
            new InetSocketAddress(address, broker.getPort()), RedisConnection.CONNECT_MILLIS);
        socket.setSoTimeout(RedisConnection.ANSWER_MILLIS);
        return tls ? secured(socket) : socket;
      } catch (IOException failed) {
        close(socket);
        last = failed;
      }
    }
    throw new JedisConnectionException("No address of " + broker + " answers.", last);
  }

  private List<InetAddress> allowed() {
    if (guard.judgeName(broker.getHost(), broker.getPort(), namespace) instanceof Denied denied) {
      throw new DeniedBrokerException(text(denied));
    }
    var allowed = new ArrayList<InetAddress>();
    var denials = new ArrayList<String>();
    for (InetAddress address : lookUp()) {
      if (guard.judgeAddress(broker.getHost(), address, broker.getPort())
          instanceof Denied denied) {
        denials.add(text(denied));
      } else if (allowed.size() < MAX_ADDRESSES) {
        allowed.add(address);
      }
    }
    if (allowed.isEmpty()) {
      throw new DeniedBrokerException(String.join("; ", denials));
    }
    return allowed;
  }

  private static String text(Denied denied) {
    return denied.rule().wire() + ": " + denied.sentence();
  }

  private InetAddress[] lookUp() {
    String host = broker.getHost();
    try {
      return lookup.addresses(guard.nameToLookUp(host));
    } catch (UnknownHostException e) {
      throw new JedisConnectionException("No address of " + host + ".", e);
    }
  }

  private SSLSocket secured(Socket plain) throws IOException {
    var factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
    var socket = (SSLSocket) factory.createSocket(plain, broker.getHost(), broker.getPort(), true);
    var parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException closed) {
      // it was of no use before
    }
  }
}
