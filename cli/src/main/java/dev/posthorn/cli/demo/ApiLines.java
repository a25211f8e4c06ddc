package dev.posthorn.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Reads from the API what no receiver sees, as anybody could, and tells it once. For one thread.
 */
final class ApiLines implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final URI api;
  private final String token;
  private final Story story;
  private final Set<String> lettersTold = new HashSet<>();
  private final Map<String, String> stateTold = new HashMap<>();
  private final HttpClient http = HttpClient.newHttpClient();

  ApiLines(URI api, String token, Story story) {
    this.api = api;
    this.token = token;
    this.story = story;
  }

  /**
   * Tells what is new about {@code tenant}: dead letters, and endpoints that changed their state.
   */
  void look(String tenant) throws IOException, InterruptedException {
    for (JsonNode letter : items("/v1/tenants/" + tenant + "/dead-letters?limit=500")) {
      String endpoint = tenant + "/" + letter.path("endpoint").asText();
      if (lettersTold.add(letter.path("event").asText() + endpoint)) {
        story.note(
            endpoint,
            letter.path("type").asText(),
            "given up",
            "last try: " + letter.path("class").asText() + "; kept as a dead letter");
      }
    }
    for (JsonNode endpoint : items("/v1/tenants/" + tenant + "/endpoints")) {
      tellState(tenant + "/" + endpoint.path("name").asText(), endpoint);
    }
  }

  private void tellState(String name, JsonNode endpoint) {
    String state = endpoint.path("state").asText();
    String former = stateTold.put(name, state);
    if ("Failing".equals(state) && !state.equals(former)) {
      story.note(name, "", "failing", "from now on one delivery probes, the others wait");
    }
  }

  private JsonNode items(String path) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(api.resolve(path))
            .timeout(Duration.ofSeconds(2))
            .header("authorization", "Bearer " + token)
            .build();
    HttpResponse<byte[]> answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
    return JSON.readTree(answer.body()).path("items");
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
