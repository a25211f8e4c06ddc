package dev.posthorn.cli.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Calls of the API that answer with one JSON document. For one thread at a time. */
public final class ApiClient implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Server server;

  /**
   * Opens nothing yet.
   *
   * @param base where the API listens, as {@code http://127.0.0.1:8080}
   * @param token sent as bearer token, shown nowhere
   */
  public ApiClient(URI base, String token) {
    this.server = new Server(base, token);
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
    return send(server.request(path(segments)).GET());
  }

  /** Posts a JSON object to a path, whose segments are given as they are. */
  public Answer post(Map<String, ?> fields, String... segments) throws InterruptedException {
    byte[] json = JSON.valueToTree(fields).toString().getBytes(StandardCharsets.UTF_8);
    return send(server.post(path(segments), json));
  }

  private static String path(String... segments) {
    return Stream.of(segments)
        .map(each -> URLEncoder.encode(each, StandardCharsets.UTF_8).replace("+", "%20"))
        .collect(Collectors.joining("/", "/", ""));
  }

  private Answer send(HttpRequest.Builder request) throws InterruptedException {
    try {
      HttpResponse<byte[]> response = server.send(request);
      int status = response.statusCode();
      return status / 100 == 2
          ? new Answer.Done(JSON.readTree(new String(response.body(), StandardCharsets.UTF_8)))
          : new Answer.Refused("refused with " + Problem.line(status, response.body()));
    } catch (JsonProcessingException e) {
      return new Answer.Refused(server.foreign("success"));
    } catch (IOException e) {
      return new Answer.Refused(server.unreachable());
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
