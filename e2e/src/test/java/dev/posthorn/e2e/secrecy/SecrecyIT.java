package dev.posthorn.e2e.secrecy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.posthorn.e2e.fixture.Http;
import dev.posthorn.e2e.fixture.Manifests;
import dev.posthorn.e2e.fixture.PosthornProcess;
import dev.posthorn.e2e.fixture.Received;
import dev.posthorn.e2e.fixture.Receiver;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Canaries for every secret and for the payload, and a look at everything that it gives out. */
class SecrecyIT {
  private static final String KEY = "canary-signing-key-7f31aa";
  private static final String NEXT_KEY = "canary-next-signing-key-88b2";
  private static final String HEADER = "canary-header-value-19cd";
  private static final String URL = "canary-url-credential-55e0";
  private static final String MISSPELT = "canary-misplaced-secret-6a6a";
  private static final String ADMIN = "canary-admin-token-d00d";
  private static final String READER = "canary-reader-token-beef";
  private static final String STRANGER = "canary-unknown-token-1234";
  private static final String PAYLOAD = "canary-payload-c0ffee";
  private static final List<String> SECRETS =
      List.of(KEY, NEXT_KEY, HEADER, URL, MISSPELT, ADMIN, READER, STRANGER);
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  @TempDir private Path directory;
  private final List<Received> received = Receiver.list();

  @ParameterizedTest
  @ValueSource(strings = {"text", "json"})
  void noOutputShowsAKeyATokenOrAPayload(String logFormat) throws Exception {
    Path data = directory.resolve("data");
    Manifests manifests = Manifests.in(directory);
    Path tokens = Files.writeString(directory.resolve("tokens.yaml"), tokens());
    try (var good = Receiver.keeping(received);
        var bad = Receiver.answering(request -> 500)) {
      manifests.write("acme.yaml", manifest(good, bad, KEY));
      try (var posthorn =
          PosthornProcess.run(
              manifests.directory(), data, "--log-format", logFormat, "--tokens", "" + tokens)) {
        Http admin = posthorn.api(ADMIN);
        String event = admin.accepted("acme", "order.created", "\"" + PAYLOAD + "\"");
        arrives("/" + URL);
        manifests.write("acme.yaml", manifest(good, bad, NEXT_KEY));
        manifests.write("broken.yaml", BROKEN);
        await("reported").atMost(PATIENCE).until(() -> posthorn.stderr().contains("broken.yaml"));
        Files.delete(manifests.directory().resolve("broken.yaml"));
        await("rotated").atMost(PATIENCE).until(() -> posthorn.stdout().contains("keys acme/"));
        admin.accepted("acme", "order.created", "\"" + PAYLOAD + "\"");
        await("a dead letter")
            .atMost(PATIENCE)
            .until(() -> items(admin, "dead-letters").size() == 2);

        var given = new LinkedHashMap<String, String>();
        List<String> keys = generatedKeys(data);
        keyCalls(admin, given);
        keys.addAll(generatedKeys(data));
        problems(posthorn, given);
        lists(posthorn.api(READER), event, given);
        given.put("/metrics", posthorn.management().get("/metrics").body());
        given.put("/readyz", posthorn.management().get("/readyz").body());
        assertThat(posthorn.stop()).isZero();
        given.put("stdout", posthorn.stdout());
        given.put("stderr", posthorn.stderr());
        List<String> canaries =
            Stream.of(SECRETS.stream(), Stream.of(PAYLOAD), keys.stream())
                .flatMap(each -> each)
                .toList();
        given.forEach((what, text) -> assertThat(text).as(what).doesNotContain(canaries));
      }
    }
    assertThat(received).extracting(Received::text).anyMatch(text -> text.contains(PAYLOAD));
    filesHideThePayload(data);
    filesAreTheOwnersOnly(data);
  }

  @Test
  void whoMayReadPayloadsSeesNoSecretsThere() throws Exception {
    Manifests manifests = Manifests.in(directory);
    try (var good = Receiver.keeping(received);
        var bad = Receiver.answering(request -> 500)) {
      manifests.write("acme.yaml", manifest(good, bad, KEY));
      try (var posthorn = PosthornProcess.run(manifests.directory(), directory.resolve("data"))) {
        posthorn.api().accepted("acme", "order.created", "\"" + PAYLOAD + "\"");
        await("attempts")
            .atMost(PATIENCE)
            .until(() -> items(posthorn.api(), "attempts?endpoint=good").size() == 1);
        JsonNode attempt = items(posthorn.api(), "attempts?endpoint=good").get(0);
        String whole =
            posthorn.api().get("/v1/tenants/acme/attempts/" + attempt.path("id").asText()).body();
        assertThat(whole).contains(PAYLOAD, "authorization").doesNotContain(KEY, HEADER, URL);
        String token = posthorn.token();
        assertThat(posthorn.stdout() + posthorn.stderr() + whole).doesNotContain(token);
        filesAreTheOwnersOnly(directory.resolve("data"));
      }
    }
  }

  private static final String BROKEN =
      """
      apiVersion: v1
      kind: Secret
      metadata: {name: broken, namespace: acme}
      strngData: {secret: "%s"}
      """
          .formatted(MISSPELT);

  private static String manifest(Receiver good, Receiver bad, String key) {
    String url = Manifests.secret("acme", "url", "url", good.url("/" + URL));
    String header = Manifests.secret("acme", "auth", "token", "Bearer " + HEADER);
    String hidden =
        Manifests.endpoint(
                "acme",
                "good",
                "URL",
                "\"*\"",
                "{scheme: github, signingSecretRef: {name: brought}}",
                """
                  headers:
                    - {name: authorization, valueFrom: {secretKeyRef: {name: auth, key: token}}}
                """)
            .replace("url: URL", "urlFrom: {secretKeyRef: {name: url, key: url}}");
    String failing =
        Manifests.endpoint(
            "acme",
            "bad",
            bad.url("/bad"),
            "\"*\"",
            "{scheme: standard-webhooks, signingSecretRef: {name: made}}",
            "  retry: {scheduleSeconds: [1]}\n");
    String made =
        """
        ---
        apiVersion: posthorn.dev/v1alpha1
        kind: SigningSecret
        metadata: {name: made, namespace: acme}
        spec: {generate: {format: Whsec}}
        """;
    String notices =
        Manifests.endpoint(
            "acme",
            "notices",
            good.url("/notices"),
            "\"posthorn.secret.*\"",
            "{scheme: github, signingSecretRef: {name: brought}}",
            "");
    return Manifests.signingSecret("acme", "brought", key)
        + url
        + header
        + hidden
        + made
        + failing
        + notices;
  }

  private static String tokens() throws Exception {
    return """
    tokens:
      - {name: admin, sha256: %s, tenants: ["*"], verbs: ["*"]}
      - {name: reader, sha256: %s, tenants: ["*"], verbs: [read]}
    """
        .formatted(sha256(ADMIN), sha256(READER));
  }

  private static String sha256(String token) throws Exception {
    byte[] digest =
        MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(digest);
  }

  private void arrives(String path) {
    await("delivery")
        .atMost(PATIENCE)
        .until(() -> received.stream().anyMatch(each -> each.path().equals(path)));
  }

  private static JsonNode items(Http api, String list) {
    return api.json("/v1/tenants/acme/" + list).path("items");
  }

  /** Requests that are refused, with something secret in each. */
  private static void problems(PosthornProcess posthorn, Map<String, String> given) {
    Http admin = posthorn.api(ADMIN);
    List<HttpResponse<String>> answers =
        List.of(
            posthorn.api(STRANGER).get("/v1/tenants/acme/events"),
            posthorn.api(READER).publish(event("acme", "\"" + PAYLOAD + "\"")),
            admin.publish(event("acme", PAYLOAD)),
            admin.publish(event("-", "\"" + PAYLOAD + "\"")),
            admin.post("/v1/events", "text/xml", PAYLOAD));
    for (HttpResponse<String> answer : answers) {
      assertThat(answer.statusCode()).isBetween(400, 422);
      given.put("problem " + given.size(), answer.body() + answer.headers().map());
    }
  }

  private static String event(String tenant, String data) {
    return "{\"tenant\":\"%s\",\"type\":\"order.created\",\"data\":%s}".formatted(tenant, data);
  }

  /** All that somebody with the verb {@code read} and without {@code payload} can ask for. */
  private static void lists(Http reader, String event, Map<String, String> given) {
    var paths =
        new ArrayList<>(
            List.of(
                "/v1/rejected",
                "/v1/tenants/acme/audit",
                "/v1/tenants/acme/events",
                "/v1/tenants/acme/events/" + event,
                "/v1/tenants/acme/attempts",
                "/v1/tenants/acme/dead-letters",
                "/v1/tenants/acme/endpoints",
                "/v1/tenants/acme/endpoints/good"));
    items(reader, "attempts")
        .forEach(each -> paths.add("/v1/tenants/acme/attempts/" + each.path("id").asText()));
    assertThat(paths).hasSizeGreaterThan(10);
    for (String path : paths) {
      HttpResponse<String> answer = reader.get(path);
      assertThat(answer.statusCode()).as(path).isEqualTo(200);
      given.put(path, answer.body() + answer.headers().map());
    }
  }

  /** Every call about keys but the one that is there to show them, and the notices that follow. */
  private void keyCalls(Http admin, Map<String, String> given) {
    String keys = "/v1/tenants/acme/keys/made/";
    String first = admin.json(keys + "reveal").at("/keys/0/keyId").asText();
    var answers =
        List.of(
            admin.post(keys + "rotate", "application/json", "{}"),
            admin.post(
                keys + "revoke",
                "application/json",
                "{\"keyId\": \"%s\", \"reason\": \"test\"}".formatted(first)),
            admin.post(keys + "acknowledge", "application/json", "{\"keyId\": \"k_ffffff\"}"));
    for (HttpResponse<String> answer : answers) {
      given.put("keys " + given.size(), answer.body() + answer.headers().map());
    }
    assertThat(answers).extracting(HttpResponse::statusCode).containsExactly(200, 200, 422);
    arrives("/notices");
    received.stream()
        .filter(each -> each.path().equals("/notices"))
        .forEach(each -> given.put("notice " + given.size(), each.text()));
  }

  private static List<String> generatedKeys(Path data) {
    JsonNode keyring = Http.parse(PosthornProcess.read(data.resolve("keyrings/acme.made.json")));
    var all = new ArrayList<String>();
    for (JsonNode version : keyring.path("versions")) {
      if (version.hasNonNull("material")) {
        String material = version.path("material").asText();
        String key = new String(Base64.getDecoder().decode(material), StandardCharsets.UTF_8);
        assertThat(key).startsWith("whsec_");
        all.addAll(List.of(material, key, key.substring("whsec_".length())));
      }
    }
    assertThat(all).isNotEmpty();
    return all;
  }

  private static void filesHideThePayload(Path data) throws IOException {
    for (Path file : files(data)) {
      String bytes = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
      assertThat(bytes).as(file.toString()).doesNotContain(PAYLOAD);
      if (file.getFileName().toString().startsWith("posthorn.db")) {
        assertThat(bytes).as(file.toString()).doesNotContain(SECRETS);
      }
    }
  }

  private static void filesAreTheOwnersOnly(Path data) throws IOException {
    assertThat(files(data)).extracting(file -> file.getFileName().toString()).contains("lock");
    for (Path file : files(data)) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .as(file.toString())
          .isEqualTo("rw-------");
    }
  }

  /** All but SQLite's own program code, which is unpacked there. */
  private static List<Path> files(Path data) throws IOException {
    try (Stream<Path> all = Files.walk(data)) {
      return all.filter(Files::isRegularFile)
          .filter(file -> !file.getFileName().toString().contains("libsqlitejdbc"))
          .toList();
    }
  }
}
