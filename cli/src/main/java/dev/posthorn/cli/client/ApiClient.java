package dev.posthorn.cli.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Calls of the API that answer with one JSON document. For one thread at a time. */
public final class ApiClient implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(30);

  private final URI server;
  private final String token;
  private final HttpClient http;

  /**
   * Opens nothing yet.
   *
   * @param server where the API listens, as {@code http://127.0.0.1:8080}
   * @param token sent as bearer token, shown nowhere
   */
  public ApiClient(URI server, String token) {
    this.server = server;
    this.token = token;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  /** What came of a call. */
  public sealed interface Answer {
    /** It was done; this is what it says. */
    record Done(JsonNode document) implements Answer {}

    /**
     * It was not done.
     *
     * @param message one line: status, what is wrong, what to do
     */
    record Refused(String message) implements Answer {}
  }

  /** Asks for the document at a path, whose segments are given as they are. */
  public Answer get(String... segments) throws InterruptedException {
    return send(request(segments).GET());
  }

  /** Posts a JSON object of texts to a path, whose segments are given as they are. */
  public Answer post(Map<String, String> fields, String... segments) throws InterruptedException {
    return send(
        request(segments)
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(JSON.valueToTree(fields).toString())));
  }

  private HttpRequest.Builder request(String... segments) {
    String path =
        Stream.of(segments)
            .map(each -> URLEncoder.encode(each, StandardCharsets.UTF_8).replace("+", "%20"))
            .collect(Collectors.joining("/", "/", ""));
    return HttpRequest.newBuilder(server.resolve(path))
        .timeout(ANSWER)
        .header("authorization", "Bearer " + token);
  }

  private Answer send(HttpRequest.Builder request) throws InterruptedException {
    try {
      HttpResponse<byte[]> response =
          http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      return response.statusCode() == 200
          ? new Answer.Done(JSON.readTree(new String(response.body(), StandardCharsets.UTF_8)))
          : new Answer.Refused(
              "refused with " + Problem.line(response.statusCode(), response.body()));
    } catch (JsonProcessingException e) {
      return new Answer.Refused(
          server + " answered without JSON: is this the address of a Posthorn?");
    } catch (IOException e) {
      return new Answer.Refused(
          "no Posthorn answers at "
              + server
              + ": start one with 'posthorn run DIR', or name its address with --server");
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
