package dev.posthorn.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/** Reads dead letters from the API, as anybody would, and tells each once. For one thread. */
final class DeadLetterLines implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final URI api;
  private final String token;
  private final Story story;
  private final Set<String> told = new HashSet<>();
  private final HttpClient http = HttpClient.newHttpClient();

  DeadLetterLines(URI api, String token, Story story) {
    this.api = api;
    this.token = token;
    this.story = story;
  }

  /** Tells what {@code tenant} has now and had not before. */
  void look(String tenant) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(api.resolve("/v1/tenants/" + tenant + "/dead-letters?limit=500"))
            .timeout(Duration.ofSeconds(2))
            .header("authorization", "Bearer " + token)
            .build();
    HttpResponse<byte[]> answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
    for (JsonNode letter : JSON.readTree(answer.body()).path("items")) {
      if (told.add(letter.path("event").asText() + letter.path("endpoint").asText())) {
        story.note(
            tenant + "/" + letter.path("endpoint").asText(),
            letter.path("type").asText(),
            "given up",
            "kept as a dead letter, class " + letter.path("class").asText());
      }
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
