package dev.posthorn.dispatcher.bench;

import dev.posthorn.dispatcher.bench.Fleet.Wanted;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;

/**
 * Publisher and receiver in a process of their own, so that what the dispatcher's process costs can
 * be told apart. Speaks HTTP/1.1 over bare sockets, to cost as little as it can. Commands come by
 * lines on standard input, answers go to standard output.
 */
final class LoadProcess {
  private static final byte[] NO_CONTENT =
      "HTTP/1.1 204 No Content\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final AtomicLong received = new AtomicLong();
  private final AtomicLong answering = new AtomicLong();
  private final ConcurrentLinkedQueue<Long> latencies = new ConcurrentLinkedQueue<>();
  private final byte[] filler;

  private LoadProcess() {
    filler = "x".repeat(900).getBytes(StandardCharsets.US_ASCII);
  }

  /** Runs until standard input ends. */
  public static void main(String[] args) throws Exception {
    new LoadProcess().run();
  }

  private void run() throws Exception {
    var receiver = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(() -> acceptAll(receiver, false));
    var hanging = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(() -> acceptAll(hanging, true));
    var certificate =
        new HeldCertificate.Builder()
            .addSubjectAlternativeName("127.0.0.1")
            .addSubjectAlternativeName("localhost")
            .build();
    ServerSocket overTls = overTls(certificate);
    Thread.ofVirtual().start(() -> acceptAll(overTls, false));
    byte[] pem = certificate.certificatePem().getBytes(StandardCharsets.US_ASCII);
    say(
        "%d %d %d %s"
            .formatted(
                receiver.getLocalPort(),
                hanging.getLocalPort(),
                overTls.getLocalPort(),
                Base64.getEncoder().encodeToString(pem)));
    var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      String[] words = line.split(" ", -1);
      switch (words[0]) {
        case "received" -> say(Long.toString(received.get()));
        case "publish" -> publish(words);
        case "latency" -> say(percentiles());
        default -> throw new IllegalArgumentException(line);
      }
    }
  }

  private static ServerSocket overTls(HeldCertificate certificate) throws IOException {
    return new HandshakeCertificates.Builder()
        .heldCertificate(certificate)
        .build()
        .sslContext()
        .getServerSocketFactory()
        .createServerSocket(0, 1024, InetAddress.getLoopbackAddress());
  }

  private static void say(String line) {
    System.out.println(line);
    System.out.flush();
  }

  /**
   * publish PORT TOKEN TYPE EVENTS CONNECTIONS BATCH RATE: answers when all have their 202, with
   * how many of them want an endpoint that answers.
   */
  private void publish(String[] words) throws Exception {
    int port = Integer.parseInt(words[1]);
    String token = words[2];
    int events = Integer.parseInt(words[4]);
    int connections = Integer.parseInt(words[5]);
    int batch = Integer.parseInt(words[6]);
    long pauseNanos =
        words[7].equals("0") ? 0 : TimeUnit.SECONDS.toNanos(1) / Long.parseLong(words[7]);
    var left = new AtomicLong(events / batch);
    answering.set(0);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      threads.add(
          Thread.ofVirtual()
              .start(() -> publishOn(port, token, words[3], batch, left, pauseNanos)));
    }
    for (Thread each : threads) {
      each.join();
    }
    say("published " + answering.get());
  }

  private void publishOn(
      int port, String token, String type, int batch, AtomicLong left, long pauseNanos) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setTcpNoDelay(true);
      OutputStream out = socket.getOutputStream();
      var in = new BufferedInputStream(socket.getInputStream());
      long next = System.nanoTime();
      while (left.getAndDecrement() > 0) {
        if (pauseNanos > 0) {
          LockSupport.parkNanos(next - System.nanoTime());
          next += pauseNanos;
        }
        out.write(request(token, type, batch));
        String status = readMessage(in, null);
        if (!status.contains(" 202 ")) {
          throw new IllegalStateException(status);
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private byte[] request(String token, String type, int batch) {
    var body = new StringBuilder(1_100 * batch);
    String data = "{\"sent\":" + System.nanoTime() + ",\"filler\":\"" + text() + "\"}";
    for (int i = 0; i < batch; i++) {
      Wanted wanted = Fleet.any(type, ThreadLocalRandom.current());
      answering.addAndGet(wanted.answers() ? 1 : 0);
      if (batch == 1) {
        body.append("{\"tenant\":\"")
            .append(wanted.tenant())
            .append("\",\"type\":\"")
            .append(wanted.type())
            .append("\",\"data\":");
        body.append(data).append('}');
      } else {
        body.append(i == 0 ? "[" : ",")
            .append("{\"specversion\":\"1.0\",\"source\":\"s\",\"id\":\"")
            .append(System.nanoTime())
            .append('-')
            .append(Thread.currentThread().threadId())
            .append('-')
            .append(i)
            .append("\",\"tenant\":\"")
            .append(wanted.tenant())
            .append("\",\"type\":\"")
            .append(wanted.type())
            .append("\",\"data\":")
            .append(data)
            .append('}');
      }
    }
    body.append(batch == 1 ? "" : "]");
    String contentType = batch == 1 ? "application/json" : "application/cloudevents-batch+json";
    String head =
        "POST /v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
            + token
            + "\r\nContent-Type: "
            + contentType
            + "\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n";
    return (head + body).getBytes(StandardCharsets.US_ASCII);
  }

  private String text() {
    return new String(filler, StandardCharsets.US_ASCII);
  }

  private void acceptAll(ServerSocket server, boolean hang) {
    try {
      while (true) {
        Socket socket = server.accept();
        Thread.ofVirtual().start(() -> serve(socket, hang));
      }
    } catch (IOException closed) {
      throw new IllegalStateException(closed);
    }
  }

  private void serve(Socket socket, boolean hang) {
    try (socket) {
      socket.setTcpNoDelay(true);
      var in = new BufferedInputStream(socket.getInputStream(), 16 * 1024);
      OutputStream out = socket.getOutputStream();
      var body = new byte[64 * 1024];
      while (!readMessage(in, body).isEmpty()) {
        if (hang) {
          LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(30));
          return;
        }
        received.incrementAndGet();
        note(body);
        out.write(NO_CONTENT);
      }
    } catch (IOException gone) {
      // The sender may close an idle connection at any time.
    }
  }

  /** Arrival minus the time in the payload; both clocks are this machine's. */
  private void note(byte[] body) {
    int at = indexOf(body, "\"sent\":".getBytes(StandardCharsets.US_ASCII));
    if (at < 0) {
      return;
    }
    long sent = 0;
    for (int i = at; body[i] >= '0' && body[i] <= '9'; i++) {
      sent = sent * 10 + body[i] - '0';
    }
    latencies.add(System.nanoTime() - sent);
  }

  private static int indexOf(byte[] body, byte[] word) {
    for (int i = 0; i < 300; i++) {
      if (Arrays.equals(body, i, i + word.length, word, 0, word.length)) {
        return i + word.length;
      }
    }
    return -1;
  }

  private String percentiles() {
    long[] sorted = latencies.stream().mapToLong(Long::longValue).sorted().toArray();
    latencies.clear();
    if (sorted.length == 0) {
      return "0 0";
    }
    return sorted[sorted.length / 2] / 1_000 + " " + sorted[(int) (sorted.length * 0.99)] / 1_000;
  }

  /** Reads one message: its first line; the body, cut to the buffer, where there is a buffer. */
  private static String readMessage(InputStream in, byte[] body) throws IOException {
    String first = line(in);
    if (first.isEmpty()) {
      return "";
    }
    int length = 0;
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      if (header.regionMatches(true, 0, "content-length:", 0, 15)) {
        length = Integer.parseInt(header.substring(15).trim());
      }
    }
    if (body == null) {
      in.skipNBytes(length);
    } else {
      in.readNBytes(body, 0, Math.min(length, body.length));
      in.skipNBytes(Math.max(0, length - body.length));
    }
    return first;
  }

  private static String line(InputStream in) throws IOException {
    var line = new StringBuilder(64);
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }
}
