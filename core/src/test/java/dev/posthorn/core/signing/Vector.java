package dev.posthorn.core.signing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** A request that an implementation other than ours signed; {@code vectors.json} says which. */
record Vector(
    String name,
    String scheme,
    boolean signs,
    List<String> secrets,
    String id,
    Instant time,
    Duration tolerance,
    String url,
    String body,
    List<Header> headers,
    String rejection) {

  static Stream<Vector> positive() {
    return read("positive");
  }

  static Stream<Vector> negative() {
    return read("negative");
  }

  private static Stream<Vector> read(String list) {
    try (var file = Vector.class.getResourceAsStream("vectors.json")) {
      var vectors = new ArrayList<Vector>();
      new JsonMapper()
          .readTree(Objects.requireNonNull(file))
          .get(list)
          .forEach(node -> vectors.add(vector(node)));
      return vectors.stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Vector vector(JsonNode node) {
    var secrets = new ArrayList<String>();
    node.get("secrets").forEach(secret -> secrets.add(secret.asText()));
    var headers = new ArrayList<Header>();
    node.get("headers")
        .properties()
        .forEach(field -> headers.add(new Header(field.getKey(), field.getValue().asText())));
    long seconds = node.path("timestamp").asLong(node.path("now").asLong(1_700_000_000));
    return new Vector(
        node.get("name").asText(),
        node.get("scheme").asText(),
        node.path("signs").asBoolean(),
        List.copyOf(secrets),
        node.path("id").asText("msg_any"),
        Instant.ofEpochSecond(seconds),
        Duration.ofSeconds(node.path("tolerance").asLong(300)),
        node.path("url").asText("https://example.com"),
        node.get("body").asText(),
        List.copyOf(headers),
        node.path("rejection").asText());
  }

  byte[] bytes() {
    return Base64.getDecoder().decode(body);
  }

  Received received() {
    return received(headers, bytes());
  }

  /** The same request with other headers and another body. */
  Received received(List<Header> headers, byte[] body) {
    return new Received("POST", url, headers, body);
  }

  List<SigningKey> keys() {
    return secrets.stream().map(secret -> Schemes.key(scheme, secret)).toList();
  }

  byte[] secret() {
    return secrets.getFirst().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return name;
  }
}
