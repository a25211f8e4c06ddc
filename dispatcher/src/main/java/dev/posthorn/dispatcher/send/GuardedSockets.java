package dev.posthorn.dispatcher.send;

import dev.posthorn.core.egress.EgressGuard;
import dev.posthorn.core.egress.Verdict.Denied;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketAddress;
import javax.net.SocketFactory;

/**
 * Sockets that ask the guard about the address they are really going to dial. TLS is layered over
 * them, so every connection passes here, whatever way its address came: name, literal, cache.
 */
final class GuardedSockets extends SocketFactory {
  private final EgressGuard guard;

  GuardedSockets(EgressGuard guard) {
    this.guard = guard;
  }

  @Override
  public Socket createSocket() {
    return new GuardedSocket(guard);
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    throw unexpected();
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort)
      throws IOException {
    throw unexpected();
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    throw unexpected();
  }

  @Override
  public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort)
      throws IOException {
    throw unexpected();
  }

  private static IOException unexpected() {
    return new DeniedAddress("only sockets that are connected later can be judged");
  }

  /** Ignores the SOCKS properties of the JVM, which a plain {@code new Socket()} obeys. */
  private static final class GuardedSocket extends Socket {
    private final EgressGuard guard;

    GuardedSocket(EgressGuard guard) {
      super(Proxy.NO_PROXY);
      this.guard = guard;
    }

    @Override
    public void connect(SocketAddress endpoint) throws IOException {
      connect(endpoint, 0);
    }

    @Override
    public void connect(SocketAddress endpoint, int timeout) throws IOException {
      if (!(endpoint instanceof InetSocketAddress inet) || inet.isUnresolved()) {
        throw new DeniedAddress("an address that is not resolved cannot be judged");
      }
      // The host string is the name that was looked up or the literal; it is no second lookup.
      if (guard.judgeAddress(inet.getHostString(), inet.getAddress(), inet.getPort())
          instanceof Denied denied) {
        throw new DeniedAddress(denied.rule().wire() + ": " + denied.sentence());
      }
      super.connect(endpoint, timeout);
      setTcpNoDelay(true);
    }

    @Override
    public InputStream getInputStream() throws IOException {
      return new CountingInput(super.getInputStream());
    }
  }

  /** Tells the exchange on this thread how much came in; OkHttp does not say why it gave up. */
  private static final class CountingInput extends FilterInputStream {
    CountingInput(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int read = super.read();
      count(read < 0 ? 0 : 1);
      return read;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int read = super.read(into, offset, length);
      count(read);
      return read;
    }

    private static void count(int bytes) {
      if (bytes > 0 && Trace.CURRENT.isBound()) {
        Trace.CURRENT.get().received(bytes);
      }
    }
  }
}
