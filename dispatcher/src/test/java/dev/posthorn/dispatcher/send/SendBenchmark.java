package dev.posthorn.dispatcher.send;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;

/**
 * Prints the CPU of this process per POST of 1 KiB: a bare OkHttp loop beside our transport, over
 * warm HTTP/1.1 connections, with the receiver in a process of its own. Run it by hand: {@code java
 * -cp <test class path> dev.posthorn.dispatcher.send.SendBenchmark [posts [concurrency
 * [endpoints]]]}.
 */
public final class SendBenchmark {
  private static final byte[] BODY = "x".repeat(1_024).getBytes(StandardCharsets.US_ASCII);
  private static final OperatingSystemMXBean PROCESS =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private final int posts;
  private final int concurrency;
  private final int endpoints;

  private SendBenchmark(int posts, int concurrency, int endpoints) {
    this.posts = posts;
    this.concurrency = concurrency;
    this.endpoints = endpoints;
  }

  /** Runs the receiver ({@code receiver}) or the benchmark. */
  public static void main(String[] args) throws Exception {
    if (args.length > 0 && args[0].equals("receiver")) {
      receive();
      return;
    }
    new SendBenchmark(argument(args, 0, 200_000), argument(args, 1, 64), argument(args, 2, 1))
        .run();
  }

  private static int argument(String[] args, int index, int otherwise) {
    return args.length > index ? Integer.parseInt(args[index]) : otherwise;
  }

  private void run() throws Exception {
    var receiver = startReceiver();
    try (var lines = receiver.inputReader()) {
      int port = Integer.parseInt(lines.readLine());
      System.out.printf(
          "%,d POSTs of 1 KiB, %d at once, %d endpoints%n", posts, concurrency, endpoints);
      for (int round = 0; round < 3; round++) {
        measure("bare OkHttp", bare(port));
        try (var transport = Sending.transport()) {
          measure("Transport  ", ours(transport, port));
        }
      }
    } finally {
      receiver.destroy();
    }
  }

  /** One POST for the endpoint of this number. */
  private interface Post {
    void to(int endpoint) throws IOException;
  }

  private static Post bare(int port) {
    var client =
        new OkHttpClient.Builder()
            .connectionPool(new ConnectionPool(1_000, 55, TimeUnit.SECONDS))
            .build();
    return endpoint -> {
      var request =
          new Request.Builder()
              .url(url(port, endpoint))
              .header("content-type", "application/json")
              .header("user-agent", "Posthorn/test")
              .header("webhook-id", "msg_1")
              .post(RequestBody.create(BODY, null))
              .build();
      try (var response = client.newCall(request).execute()) {
        if (response.body().bytes().length != 2) {
          throw new IOException("status " + response.code());
        }
      }
    };
  }

  private static Post ours(Transport transport, int port) {
    var headers =
        List.of(
            new Header("content-type", "application/json"),
            new Header("user-agent", "Posthorn/test"),
            new Header("webhook-id", "msg_1"));
    return endpoint -> {
      var exchange =
          transport.send(
              new OutboundRequest(
                  "acme/e" + endpoint,
                  "acme",
                  url(port, endpoint),
                  headers,
                  BODY,
                  Duration.ofSeconds(15),
                  TlsSettings.DEFAULT,
                  Sending.LOOPBACK_GUARD));
      if (exchange.excerpt().length != 2) {
        throw new IOException(exchange + " " + exchange.platformDetail());
      }
    };
  }

  /** 127.0.0.1, 127.0.0.2 and so on are different hosts to a pool. */
  private static String url(int port, int endpoint) {
    return "http://127.0.%d.%d:%d/in".formatted(endpoint / 250, 1 + endpoint % 250, port);
  }

  private void measure(String name, Post post) throws InterruptedException {
    drive(post, Math.max(posts / 4, 2 * endpoints));
    long cpu = PROCESS.getProcessCpuTime();
    long start = System.nanoTime();
    drive(post, posts);
    double micros = (PROCESS.getProcessCpuTime() - cpu) / 1e3 / posts;
    double seconds = (System.nanoTime() - start) / 1e9;
    System.out.printf("%s %6.1f us CPU a POST, %,8.0f/s%n", name, micros, posts / seconds);
  }

  private void drive(Post post, int count) throws InterruptedException {
    var next = new AtomicInteger();
    var done = new CountDownLatch(concurrency);
    for (int i = 0; i < concurrency; i++) {
      Thread.ofVirtual()
          .start(() -> {
            try {
              for (int n = next.getAndIncrement(); n < count; n = next.getAndIncrement()) {
                post.to(n % endpoints);
              }
            } catch (IOException e) {
              throw new IllegalStateException(e);
            } finally {
              done.countDown();
            }
          });
    }
    done.await();
  }

  private static Process startReceiver() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            SendBenchmark.class.getName(),
            "receiver")
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static void receive() throws IOException {
    try (var server = new ServerSocket(0, 1_000, InetAddress.ofLiteral("0.0.0.0"))) {
      System.out.println(server.getLocalPort());
      while (true) {
        var socket = server.accept();
        Thread.ofVirtual().start(() -> answer(socket));
      }
    }
  }

  /** Every request ends with the 1,024 bytes of its body, so only bytes are counted. */
  private static void answer(Socket socket) {
    var answer =
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes(StandardCharsets.US_ASCII);
    try (socket) {
      socket.setTcpNoDelay(true);
      var in = socket.getInputStream();
      var buffer = new byte[8_192];
      while (readRequest(in, buffer)) {
        socket.getOutputStream().write(answer);
      }
    } catch (IOException e) {
      // The sender has gone.
    }
  }

  private static boolean readRequest(InputStream in, byte[] buffer) throws IOException {
    int size = 0;
    int wanted = Integer.MAX_VALUE;
    while (size < wanted) {
      int read = in.read(buffer, size, buffer.length - size);
      if (read < 0) {
        return false;
      }
      size += read;
      for (int i = 3; wanted == Integer.MAX_VALUE && i < size; i++) {
        if (buffer[i] == '\n' && buffer[i - 2] == '\n') {
          wanted = i + 1 + BODY.length;
        }
      }
    }
    return true;
  }
}
