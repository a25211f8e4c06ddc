package dev.posthorn.dispatcher.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Stands between the store and its server, and cuts the connection once: after the server has got a
 * statement, and before its answer comes back; or at the n-th message of the writing connection.
 */
final class CuttingProxy implements AutoCloseable {
  /** A Parse message of a named statement: its name and its text. */
  private static final Pattern PARSE = Pattern.compile("P....(S_\\d+)\0([^\0]*)", Pattern.DOTALL);

  /** What the writing connection is set to, and no other. */
  private static final String WRITER = "idle_in_transaction_session_timeout";

  private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final int target;
  private volatile @Nullable String text;

  private final Countdown messages;
  private final Countdown answers;

  CuttingProxy(int target) throws IOException {
    this(target, new Countdown(), new Countdown());
  }

  /**
   * Starts it.
   *
   * @param messages strikes at the message that the server does not get
   * @param answers strikes at the message whose answer does not come back
   */
  CuttingProxy(int target, Countdown messages, Countdown answers) throws IOException {
    this.target = target;
    this.messages = messages;
    this.answers = answers;
    Thread.ofVirtual().start(this::listen);
  }

  String url(String database) {
    return "postgres://postgres:secret@127.0.0.1:" + listening.getLocalPort() + "/" + database;
  }

  /** Cuts the next connection that sends this text to the server. */
  void cutAnswerTo(String sql) {
    text = sql;
  }

  private void listen() {
    try {
      while (true) {
        Socket client = listening.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        sockets.addAll(List.of(client, server));
        var link = new Link(client, server);
        Thread.ofVirtual().start(link::forward);
        Thread.ofVirtual().start(link::back);
      }
    } catch (IOException e) {
      // It was closed.
    }
  }

  private final class Link {
    private final Socket client;
    private final Socket server;
    private final Map<String, String> prepared = new HashMap<>();
    private volatile boolean cut;
    private boolean writes;

    Link(Socket client, Socket server) {
      this.client = client;
      this.server = server;
    }

    void forward() {
      var buffer = new byte[1 << 16];
      try (InputStream in = client.getInputStream();
          OutputStream out = server.getOutputStream()) {
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          String wanted = text;
          String sent = new String(buffer, 0, read, StandardCharsets.ISO_8859_1);
          if (names(sent, wanted)) {
            text = null;
            cut = true;
          }
          writes |= sent.contains(WRITER);
          if (writes && messages.strikes()) {
            client.close();
            server.close();
            return;
          }
          cut |= writes && answers.strikes();
          out.write(buffer, 0, read);
        }
      } catch (IOException e) {
        // One side is gone: so is the other.
      }
    }

    /** Whether a statement is sent, or one that was prepared before is bound. */
    private boolean names(String sent, @Nullable String wanted) {
      Matcher parse = PARSE.matcher(sent);
      while (parse.find()) {
        prepared.put(parse.group(1), parse.group(2));
      }
      return wanted != null
          && (sent.contains(wanted)
              || prepared.entrySet().stream()
                  .anyMatch(each ->
                      each.getValue().contains(wanted)
                          && sent.contains('\0' + each.getKey() + '\0')));
    }

    void back() {
      var buffer = new byte[1 << 16];
      try (InputStream in = server.getInputStream();
          OutputStream out = client.getOutputStream()) {
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          if (cut) {
            client.close();
            server.close();
            return;
          }
          out.write(buffer, 0, read);
        }
      } catch (IOException e) {
        // One side is gone: so is the other.
      }
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
