package dev.posthorn.dispatcher.store;

import static dev.posthorn.dispatcher.store.Samples.T0;
import static dev.posthorn.dispatcher.store.Samples.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that proves itself by a certificate of an authority of its own. */
class PostgresTlsTest {
  private static final HeldCertificate AUTHORITY = authority();

  private static PostgresProcess server;
  @TempDir private Path directory;

  private static HeldCertificate authority() {
    return new HeldCertificate.Builder().certificateAuthority(0).build();
  }

  @BeforeAll
  static void start() {
    HeldCertificate certificate =
        new HeldCertificate.Builder()
            .signedBy(AUTHORITY)
            .addSubjectAlternativeName("localhost")
            .build();
    server =
        PostgresProcess.encrypted(
            certificate.certificatePem() + AUTHORITY.certificatePem(),
            certificate.privateKeyPkcs8Pem());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private String url(HeldCertificate authority) throws IOException {
    Path file = Files.writeString(directory.resolve("ca.crt"), authority.certificatePem());
    return server.url(server.create()).replace("127.0.0.1", "localhost")
        + "?sslmode=verify-full&sslrootcert="
        + file;
  }

  @Test
  void aServerThatProvesItselfIsUsed() throws IOException {
    try (PostgresDeliveryStore store = PostgresFaultTest.open(url(AUTHORITY), "tls")) {
      store.write(List.of(new Write.Accept(List.of(event("acme", T0)))));
      String encrypted =
          "SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)"
              + " WHERE ssl AND application_name LIKE 'posthorn%'";
      assertThat(Integer.parseInt(server.query("postgres", encrypted))).isPositive();
    }
  }

  @Test
  void anotherOneIsNot() {
    assertThatThrownBy(() -> PostgresFaultTest.open(url(authority()), "tls").close())
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining("localhost:" + server.port());
  }
}
