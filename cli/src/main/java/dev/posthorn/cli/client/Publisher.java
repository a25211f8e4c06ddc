package dev.posthorn.cli.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/**
 * Publishes events to one Posthorn over one kept connection. For one thread at a time; {@link
 * #close} ends the connection.
 */
public final class Publisher implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private final Server server;
  private final InstantSource clock;

  /**
   * Opens nothing yet.
   *
   * @param base where the API listens, as {@code http://127.0.0.1:8080}
   * @param token sent as bearer token, shown nowhere
   * @param clock reads {@code Retry-After} dates
   */
  public Publisher(URI base, String token, InstantSource clock) {
    this.server = new Server(base, token);
    this.clock = clock;
  }

  /** Publishes {@code event} and waits for the answer, at most 30 seconds. */
  public PublishAnswer publish(PublishRequest event) throws InterruptedException {
    try {
      return read(server.send(server.post("/v1/events", event.json())));
    } catch (IOException e) {
      return new PublishAnswer.Unreachable(server.unreachable());
    }
  }

  private PublishAnswer read(HttpResponse<byte[]> response) {
    int status = response.statusCode();
    if (status == 202) {
      return accepted(response.body());
    }
    String line = "refused with " + Problem.line(status, response.body());
    return switch (status) {
      case 429, 503 ->
          new PublishAnswer.Busy(
              line, response.headers().firstValue("retry-after").map(this::wait).orElse(null));
      default -> new PublishAnswer.Refused(line);
    };
  }

  private PublishAnswer accepted(byte[] body) {
    try {
      JsonNode answer = JSON.readTree(new String(body, StandardCharsets.UTF_8));
      return new PublishAnswer.Accepted(
          answer.path("id").asText(), answer.path("duplicate").asBoolean());
    } catch (JsonProcessingException e) {
      return new PublishAnswer.Refused(server.foreign("202"));
    }
  }

  /** RFC 9110 section 10.2.3: seconds or a date. */
  private @Nullable Duration wait(String retryAfter) {
    if (retryAfter.matches("[0-9]{1,9}")) {
      return Duration.ofSeconds(Long.parseLong(retryAfter));
    }
    try {
      Instant until =
          ZonedDateTime.parse(retryAfter, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration left = Duration.between(clock.instant(), until);
      return left.isNegative() ? Duration.ZERO : left;
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
