package dev.posthorn.core.resolve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.resolve.DatabaseAddress.Server;
import dev.posthorn.crds.DispatcherSpec;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoreResolverTest {
  private static final String URL =
      "postgres://hooks:canary@db.data.svc:6432/hooks?sslmode=require";
  private static final String KEY = Base64.getEncoder().encodeToString(new byte[32]);
  private static final Map<String, Object> POSTGRES =
      Map.of(
          "postgres", Map.of("secretRef", Map.of("name", "database", "key", "url")),
          "encryptionKeyRef", Map.of("name", "payloads", "key", "key"));

  private final Resource<DispatcherSpec> dispatcher = dispatcher(POSTGRES);
  private final Report report = new Report(dispatcher);

  @Test
  void findsAddressAndKey() {
    StoreSecrets secrets = resolve(URL, KEY + "\n", Map.of("posthorn.dev/readable", "true"));
    DatabaseAddress database = Objects.requireNonNull(secrets.database());
    assertThat(database.url()).isEqualTo(URL);
    assertThat(database.servers()).containsExactly(new Server("db.data.svc", 6432));
    assertThat(secrets.payloadKey()).hasSize(32);
    assertThat(report.findings()).isEmpty();
    assertThat(secrets.toString() + database).doesNotContain("canary");
  }

  @Test
  void findsTheFilesThatTheAddressNames() {
    String url = URL + "&sslrootcert=/run/secrets/posthorn.dev/database/ca.crt";
    StoreSecrets secrets = resolve(url, KEY, Map.of("posthorn.dev/readable", "true"));
    assertThat(Objects.requireNonNull(secrets.database()).files()).containsExactly("ca.crt");
    assertThat(secrets.files()).containsOnlyKeys("ca.crt").containsEntry("ca.crt", bytes("PEM"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sslkey=/run/secrets/posthorn.dev/database/client.key | SecretKeyMissing: Secret"
            + " posthorn-system/database has no entry \"client.key\"",
        "sslrootcert=/etc/ssl/ca.pem | UnusableContent: entry \"url\" of Secret"
            + " posthorn-system/database is no address of a database: sslrootcert names no file"
            + " that pods have: put the file into the same Secret, and write"
            + " /run/secrets/posthorn.dev/database/ENTRY",
        "sslcert=/run/secrets/posthorn.dev/database/../x | UnusableContent: entry \"url\" of Secret"
            + " posthorn-system/database is no address of a database: sslcert names no file",
      })
  void aFileThatPodsCannotHaveIsRefused(String parameter, String message) {
    assertThat(find(URL + "&" + parameter, KEY, Map.of("posthorn.dev/readable", "true"))).isEmpty();
    assertThat(report.findings())
        .singleElement()
        .satisfies(finding ->
            assertThat(finding.cause().word() + ": " + finding.message())
                .startsWith(message)
                .doesNotContain("%40"));
  }

  @Test
  void needsNothingForTheFileAndItsOwnKey() {
    var embedded = dispatcher(Map.of("sqlite", Map.of()));
    Optional<StoreSecrets> secrets =
        StoreResolver.resolve(embedded, new Lookup(_ -> Optional.empty(), false), report);
    assertThat(secrets).isPresent();
    assertThat(secrets.orElseThrow().database()).isNull();
    assertThat(secrets.orElseThrow().payloadKey()).isNull();
  }

  @Test
  void aSecretWithoutItsOwnersConsentIsNotRead() {
    assertThat(find(URL, KEY, Map.of())).isEmpty();
    assertThat(report.findings())
        .extracting(finding -> finding.field() + " " + finding.cause().word())
        .containsExactly(
            "spec.store.postgres.secretRef SecretNotLabelled",
            "spec.store.encryptionKeyRef SecretNotLabelled");
  }

  @Test
  void aSecretNeedNotBeInGit() {
    assertThat(StoreResolver.resolve(dispatcher, new Lookup(_ -> Optional.empty(), true), report))
        .isEmpty();
    assertThat(report.findings()).hasSize(2).noneMatch(Finding::isError);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "db:5432",
        "mysql://u:canary@db/x",
        "postgres://u:canary@/x",
        "postgres://db/x"
      })
  void whatIsNoAddressIsRefusedWithoutShowingIt(String url) {
    assertThat(find(url, KEY, Map.of("posthorn.dev/readable", "true"))).isEmpty();
    assertThat(report.findings())
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.cause().word()).isEqualTo("UnusableContent");
          assertThat(finding.message())
              .contains(
                  "entry \"url\" of Secret posthorn-system/database is no address", "%40 for @")
              .doesNotContain("canary");
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "c2hvcnQ=", "not base64 at all!", "AAAA"})
  void whatIsNoKeyIsRefusedWithTheCure(String key) {
    assertThat(find(URL, key, Map.of("posthorn.dev/readable", "true"))).isEmpty();
    assertThat(report.findings())
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.field()).isEqualTo("spec.store.encryptionKeyRef");
          assertThat(finding.message())
              .contains("is not a key of 32 bytes in base64", "head -c 32 /dev/urandom | base64");
        });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "postgres://u:p@db/x | db:5432",
        "postgresql://u:p@10.1.2.3:6432/x?sslmode=require | 10.1.2.3:6432",
        "postgres://u@[fd00::1]:5433/x | fd00::1:5433",
        "postgres://u:p@a:1,b:2,c/x | a:1 b:2 c:5432",
      })
  void knowsWhereTheServersAre(String url, String servers) {
    assertThat(DatabaseAddress.parse(url).servers())
        .extracting(server -> server.host() + ":" + server.port())
        .containsExactlyElementsOf(List.of(servers.split(" ", -1)));
  }

  @Test
  void aHostThatIsNoneIsNotShown() {
    assertThatThrownBy(() -> DatabaseAddress.parse("postgres://u:p@canary:x/db"))
        .hasMessage("a host in it is not host:port");
  }

  private StoreSecrets resolve(String url, String key, Map<String, String> labels) {
    return find(url, key, labels).orElseThrow();
  }

  private Optional<StoreSecrets> find(String url, String key, Map<String, String> labels) {
    var secrets =
        Map.of(
            "database", Map.of("url", bytes(url), "ca.crt", bytes("PEM")),
            "payloads", Map.of("key", bytes(key)));
    var lookup =
        new Lookup(
            ref ->
                Optional.ofNullable(secrets.get(ref.name().name()))
                    .map(entries -> new Resource<>(ref, labels, Data.of(entries), Origin.UNKNOWN)),
            false);
    return StoreResolver.resolve(dispatcher, lookup, report);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Resource<DispatcherSpec> dispatcher(Map<String, Object> store) {
    var name = new ResourceName("posthorn-system", "default");
    return new Resource<>(
        new ResourceRef(Kind.DISPATCHER, name),
        Map.of(),
        new JsonMapper().convertValue(Map.of("store", store), DispatcherSpec.class),
        Origin.UNKNOWN);
  }
}
