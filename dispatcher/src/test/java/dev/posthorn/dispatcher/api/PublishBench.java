package dev.posthorn.dispatcher.api;

import com.sun.management.OperatingSystemMXBean;
import dev.posthorn.core.event.EventId;
import dev.posthorn.core.event.PublishedEvent;
import dev.posthorn.dispatcher.accept.Acceptance;
import dev.posthorn.dispatcher.http.Access;
import dev.posthorn.dispatcher.http.HttpServer;
import dev.posthorn.dispatcher.http.Listen;
import dev.posthorn.dispatcher.http.Reply;
import dev.posthorn.dispatcher.http.Router;
import dev.posthorn.dispatcher.http.ServerLimits;
import dev.posthorn.dispatcher.http.TokenFile;
import dev.posthorn.dispatcher.store.Accepted;
import dev.posthorn.dispatcher.store.DeliveryLog;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Prints the CPU that the server spends on one publish of 1 KiB: the whole call but for the engine
 * behind it, which answers at once. The clients are a process of their own. The call "bare" reads
 * the same body and does nothing, so its figure is the HTTP server's share.
 */
public final class PublishBench {
  private static final int CONNECTIONS = 64;
  private static final int REQUESTS = 3_000;
  private static final int ROUNDS = 6;

  private PublishBench() {}

  public static void main(String[] args) throws Exception {
    if (args.length > 0) {
      Client.run(Integer.parseInt(args[0]), args[1]);
      return;
    }
    var router = new Router(routes(), TokenFile.admin("bench").callers());
    var start =
        HttpServer.start(
            "bench",
            new Listen("127.0.0.1", 0),
            ServerLimits.DEFAULT,
            router,
            new SimpleMeterRegistry(),
            new Random(1));
    HttpServer server = ((HttpServer.Start.Listening) start).server();
    for (int round = 1; round <= ROUNDS; round++) {
      for (String path : List.of("/bare", "/v1/events")) {
        measure(round, path, server.listen().port());
      }
    }
    server.stop();
  }

  /** Publishing asks nothing of it. */
  private static <T> T nothing(Class<T> type) {
    return type.cast(
        Proxy.newProxyInstance(
            PublishBench.class.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              throw new UnsupportedOperationException(method.getName());
            }));
  }

  private static List<Router.Route> routes() {
    var api =
        Api.router(
            new Api.Parts(
                TokenFile.admin("bench").callers(),
                PublishBench::accept,
                nothing(DeliveryLog.class),
                new FixedEndpoints(),
                nothing(KeyDirectory.class),
                nothing(ReplayDesk.class),
                event -> List.of(),
                nothing(ErasureDirectory.class),
                () -> 262_144,
                InstantSource.system()));
    var routes = new ArrayList<>(api.routes());
    var bare = new Reply(202, "application/json", new byte[60], Map.of());
    routes.addFirst(
        new Router.Route(
            Router.Method.POST,
            "/bare",
            new Access.Open(),
            call -> {
              call.body(262_144);
              return bare;
            }));
    return routes;
  }

  private static Acceptance accept(List<PublishedEvent> events, String source) {
    var random = ThreadLocalRandom.current();
    return new Acceptance.Durable(
        events.stream()
            .<Accepted>map(e -> new Accepted.Stored(EventId.next(Instant.EPOCH, random), 1))
            .toList());
  }

  private static void measure(int round, String path, int port)
      throws IOException, InterruptedException {
    var machine = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    Process clients =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                PublishBench.class.getName(),
                Integer.toString(port),
                path)
            .inheritIO()
            .start();
    long cpu = machine.getProcessCpuTime();
    long time = System.nanoTime();
    if (clients.waitFor() != 0) {
      throw new IllegalStateException("the clients failed");
    }
    long requests = (long) CONNECTIONS * REQUESTS;
    System.out.printf(
        "round %d %-10s %6.1f us CPU per request, %7.0f requests/s (clients' start included)%n",
        round,
        path,
        (machine.getProcessCpuTime() - cpu) / 1000.0 / requests,
        requests * 1e9 / (System.nanoTime() - time));
  }

  /** The process with the clients. */
  private static final class Client {
    private static final byte[] HEAD_END = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    static void run(int port, String path) throws InterruptedException {
      byte[] request = request(path);
      var threads = new ArrayList<Thread>();
      for (int i = 0; i < CONNECTIONS; i++) {
        threads.add(Thread.ofVirtual().start(() -> talk(port, request)));
      }
      for (Thread thread : threads) {
        thread.join();
      }
    }

    private static byte[] request(String path) {
      String body =
          "{\"tenant\":\"acme\",\"type\":\"order.created\",\"id\":\"o-1\",\"data\":{\"text\":\""
              + "x".repeat(940)
              + "\"}}";
      return ("POST "
              + path
              + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
              + "Authorization: Bearer bench\r\nUser-Agent: bench\r\nContent-Length: "
              + body.length()
              + "\r\n\r\n"
              + body)
          .getBytes(StandardCharsets.US_ASCII);
    }

    private static void talk(int port, byte[] request) {
      try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        socket.setTcpNoDelay(true);
        InputStream in = new BufferedInputStream(socket.getInputStream());
        for (int i = 0; i < REQUESTS; i++) {
          socket.getOutputStream().write(request);
          answer(in);
        }
      } catch (IOException e) {
        e.printStackTrace();
        System.exit(1);
      }
    }

    /** Reads one answer by its Content-Length. */
    private static void answer(InputStream in) throws IOException {
      var head = new StringBuilder();
      for (int matched = 0; matched < HEAD_END.length; ) {
        int c = in.read();
        if (c < 0) {
          throw new IOException("the server closed the connection");
        }
        head.append((char) c);
        matched = c == HEAD_END[matched] ? matched + 1 : c == '\r' ? 1 : 0;
      }
      String text = head.toString().toLowerCase(Locale.ROOT);
      if (!text.startsWith("http/1.1 202")) {
        throw new IOException(text);
      }
      int at = text.indexOf("content-length: ") + "content-length: ".length();
      in.skipNBytes(Integer.parseInt(text.substring(at, text.indexOf('\r', at))));
    }
  }
}
