package dev.posthorn.dispatcher.api;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.event.Event;
import dev.posthorn.core.event.EventId;
import dev.posthorn.core.event.IdempotencyKey;
import dev.posthorn.core.event.PublishedEvent;
import dev.posthorn.dispatcher.accept.Acceptance;
import dev.posthorn.dispatcher.accept.MatchExplainer.Match;
import dev.posthorn.dispatcher.http.Caller;
import dev.posthorn.dispatcher.http.HttpServer;
import dev.posthorn.dispatcher.http.Listen;
import dev.posthorn.dispatcher.http.Router;
import dev.posthorn.dispatcher.http.ServerLimits;
import dev.posthorn.dispatcher.http.TokenFile;
import dev.posthorn.dispatcher.http.Verb;
import dev.posthorn.dispatcher.store.NewEvent;
import dev.posthorn.dispatcher.store.Retention;
import dev.posthorn.dispatcher.store.SqliteDeliveryStore;
import dev.posthorn.dispatcher.store.Write;
import dev.posthorn.dispatcher.store.Written;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * The API over a real store on a loopback port, for the tenants {@code acme} and {@code zeta}.
 * Every answer is checked against the contract, and for tokens, which no answer and no log may
 * show.
 */
final class ApiServer implements AutoCloseable {
  static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
  static final int MAX_PAYLOAD = 2048;

  private static final String CANARY = "canary";
  private static final Contract CONTRACT = new Contract();

  final SqliteDeliveryStore store;
  final FixedEndpoints endpoints = new FixedEndpoints();
  final FixedKeys keys;
  final StoredErasures erasures;
  final FixedReplays replays;
  final List<PublishedEvent> taken = new ArrayList<>();
  volatile @Nullable Acceptance refusal;

  private final Random random = new Random(7);
  private final HttpServer server;
  private final HttpClient client = HttpClient.newHttpClient();
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  ApiServer(Path directory) {
    store = SqliteDeliveryStore.open(directory);
    keys = new FixedKeys(store);
    erasures = new StoredErasures(store);
    replays = new FixedReplays(store);
    endpoint("acme", "erp");
    endpoint("acme", "crm");
    endpoint("zeta", "shop");
    var start =
        HttpServer.start(
            "api",
            new Listen("127.0.0.1", 0),
            ServerLimits.DEFAULT,
            router(),
            new SimpleMeterRegistry(),
            random);
    server = ((HttpServer.Start.Listening) start).server();
    log.start();
    ((Logger) LoggerFactory.getLogger("ROOT")).addAppender(log);
  }

  Router router() {
    return Api.router(
        new Api.Parts(
            tokens().callers(),
            this::accept,
            store.log(),
            endpoints,
            keys,
            replays,
            event -> List.of(new Match("erp", true, "matches order.*")),
            erasures,
            () -> MAX_PAYLOAD,
            InstantSource.fixed(NOW.plusSeconds(3600))));
  }

  private static TokenFile tokens() {
    Set<String> acme = Set.of("acme");
    return new TokenFile(
        List.of(
            token("publisher", acme, Set.of(Verb.PUBLISH)),
            token("reader", acme, Set.of(Verb.READ)),
            token("auditor", acme, Set.of(Verb.READ, Verb.PAYLOAD)),
            token("operator", acme, Set.of(Verb.OPERATE)),
            token("owner", acme, EnumSet.allOf(Verb.class)),
            token("stranger", Set.of("zeta"), EnumSet.allOf(Verb.class)),
            token("watcher", Set.of(Caller.ALL_TENANTS), Set.of(Verb.READ)),
            token("admin", Set.of(Caller.ALL_TENANTS), EnumSet.allOf(Verb.class))));
  }

  private static TokenFile.Token token(String name, Set<String> tenants, Set<Verb> verbs) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest((CANARY + name).getBytes(StandardCharsets.UTF_8));
      return new TokenFile.Token(name, HexFormat.of().formatHex(hash), tenants, verbs);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private void endpoint(String tenant, String name) {
    var write = new Write.Register(new ResourceName(tenant, name), tenant, 0);
    var registered = (Written.Registered) store.write(List.of(write)).getFirst();
    endpoints.add(tenant, name, registered.row().number());
  }

  private synchronized Acceptance accept(List<PublishedEvent> events, String source) {
    assertThat(source).isEqualTo("http");
    Acceptance refused = refusal;
    if (refused != null) {
      return refused;
    }
    taken.addAll(events);
    Written answer = store.write(List.of(new Write.Accept(named(events)))).getFirst();
    return answer instanceof Written.Refused(String tenant)
        ? new Acceptance.Erasing(tenant)
        : new Acceptance.Durable(((Written.Accepts) answer).answers());
  }

  private List<NewEvent> named(List<PublishedEvent> events) {
    return events.stream()
        .map(published ->
            new NewEvent(
                new Event(EventId.next(NOW, random), NOW, published),
                IdempotencyKey.of(published).map(IdempotencyKey::bytes).orElse(new byte[0]),
                published.type().startsWith("order.")
                    ? List.of(endpoints.number(published.tenant(), "erp").orElse(1))
                    : List.of()))
        .toList();
  }

  /** Lets retention delete the data of all events. */
  void expire() {
    Instant end = NOW.plus(Retention.DEFAULT.payload()).plusSeconds(60);
    store.write(List.of(new Write.Retain(end, Retention.DEFAULT, 500)));
  }

  /** A call whose answer has passed the contract. */
  record Answer(HttpResponse<String> response) {
    int status() {
      return response.statusCode();
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }

    JsonNode json() {
      try {
        return new JsonMapper().readTree(response.body());
      } catch (JsonProcessingException e) {
        throw new IllegalStateException(response.body(), e);
      }
    }

    String at(String pointer) {
      return json().at(pointer).asText();
    }

    Answer is(int status) {
      assertThat(status()).as(response.body()).isEqualTo(status);
      return this;
    }

    /** A problem of this type that names the field. */
    Answer is(int status, String type, @Nullable String field) {
      is(status);
      assertThat(at("/type")).isEqualTo("https://posthorn.dev/problems/" + type);
      assertThat(json().has("field") ? at("/field") : null).isEqualTo(field);
      return this;
    }
  }

  Answer get(String token, String path) {
    return call("GET", path, token, Map.of(), new byte[0]);
  }

  Answer post(String token, String path, String type, String body) {
    return call(
        "POST",
        path,
        token,
        type.isEmpty() ? Map.of() : Map.of("content-type", type),
        body.getBytes(StandardCharsets.UTF_8));
  }

  Answer publish(String json) {
    return post("owner", "/v1/events", "application/json", json);
  }

  /** The id of a new event of acme's, which goes to {@code erp}. */
  String published(String type, String data) {
    String json = "{\"tenant\": \"acme\", \"type\": \"%s\", \"data\": %s}".formatted(type, data);
    return publish(json).is(202).at("/id");
  }

  Answer call(String method, String path, String token, Map<String, String> headers, byte[] body) {
    var request =
        HttpRequest.newBuilder(server.uri().resolve(path))
            .method(method, HttpRequest.BodyPublishers.ofByteArray(body));
    headers.forEach(request::header);
    if (!token.isEmpty()) {
      request.header("authorization", token.contains(" ") ? token : "Bearer " + CANARY + token);
    }
    try {
      HttpResponse<String> answer =
          client.send(request.build(), HttpResponse.BodyHandlers.ofString());
      CONTRACT.check(method, path, answer);
      assertThat(answer.headers() + answer.body()).doesNotContain(CANARY);
      return new Answer(answer);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    ((Logger) LoggerFactory.getLogger("ROOT")).detachAppender(log);
    client.close();
    server.stop();
    store.close();
    assertThat(log.list).map(ILoggingEvent::toString).noneMatch(line -> line.contains(CANARY));
  }
}
