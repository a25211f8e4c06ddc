package dev.posthorn.e2e.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The audit log of the API server: who asked for what. */
public record Audit(Path file) {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Set<String> READS = Set.of("get", "list", "watch");

  /**
   * One request.
   *
   * @param agent the client's name for itself
   * @param resource with its subresource, as {@code pods/status}
   * @param forbidden whether the roles do not grant it
   */
  public record Request(
      String user,
      String agent,
      String verb,
      String group,
      String resource,
      String namespace,
      String name,
      int code,
      boolean forbidden) {
    /** Whether it was meant to change something; a review only asks. */
    public boolean isWrite() {
      return !READS.contains(verb) && !resource.endsWith("reviews");
    }
  }

  /** All so far, in their order. */
  public List<Request> requests() {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.filter(line -> line.endsWith("}")).map(Audit::request).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The writes of one user. */
  public List<Request> writes(String user) {
    return requests().stream()
        .filter(request -> request.user().equals(user) && request.isWrite())
        .toList();
  }

  private static Request request(String line) {
    try {
      JsonNode entry = JSON.readTree(line);
      JsonNode object = entry.path("objectRef");
      String part = object.path("subresource").asText("");
      return new Request(
          entry.path("user").path("username").asText(),
          entry.path("userAgent").asText(),
          entry.path("verb").asText(),
          object.path("apiGroup").asText(""),
          object.path("resource").asText("") + (part.isEmpty() ? "" : "/" + part),
          object.path("namespace").asText(""),
          object.path("name").asText(""),
          entry.path("responseStatus").path("code").asInt(),
          entry
              .path("annotations")
              .path("authorization.k8s.io/decision")
              .asText("")
              .equals("forbid"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
