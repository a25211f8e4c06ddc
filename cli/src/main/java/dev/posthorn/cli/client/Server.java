package dev.posthorn.cli.client;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** One Posthorn and the token for it, over one kept connection. For one thread at a time. */
final class Server implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(30);

  private final URI base;
  private final String token;
  private final HttpClient http;

  /** Opens nothing yet. */
  Server(URI base, String token) {
    this.base = base;
    this.token = token;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  /** A request to a raw path, with the token. */
  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(base.resolve(path))
        .timeout(ANSWER)
        .header("authorization", "Bearer " + token);
  }

  /** A request that posts JSON. */
  HttpRequest.Builder post(String path, byte[] json) {
    return request(path)
        .header("content-type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofByteArray(json));
  }

  /** Sends it and waits for the whole answer, at most 30 seconds. */
  HttpResponse<byte[]> send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  /** What to say where nobody answers. */
  String unreachable() {
    return "no Posthorn answers at "
        + base
        + ": start one with 'posthorn run DIR', or name its address with --server";
  }

  /** What to say to an answer that is not Posthorn's. */
  String foreign(String answered) {
    return base + " answered " + answered + " without JSON: is this the address of a Posthorn?";
  }

  @Override
  public void close() {
    http.close();
  }
}
