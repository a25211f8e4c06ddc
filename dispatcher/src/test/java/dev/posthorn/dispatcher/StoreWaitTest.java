package dev.posthorn.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.dispatcher.http.Listen;
import dev.posthorn.dispatcher.store.PostgresProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreWaitTest {
  private final PostgresProcess server = PostgresProcess.shared();
  private final String later = server.create() + "_later";
  private final Listen management;
  @TempDir private Path data;

  StoreWaitTest() throws IOException {
    try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      management = new Listen("127.0.0.1", free.getLocalPort());
    }
  }

  private StoreOptions postgres() {
    return new StoreOptions.Postgres(server.url(later), null);
  }

  @Test
  void theEmbeddedStoreIsNotWaitedFor() throws Exception {
    StoreWait.Pause never =
        _ -> {
          throw new AssertionError("it waits");
        };
    assertThat(StoreWait.until(StoreOptions.embedded(), data, management, never)).isTrue();
  }

  @Test
  void meanwhileItLivesAndSaysWhyItIsNotReady() throws Exception {
    List<String> said = new ArrayList<>();
    boolean usable =
        StoreWait.until(
            postgres(),
            data,
            management,
            _ -> {
              said.add(get("/livez").statusCode() + " " + get("/readyz").body());
              return true;
            });
    assertThat(usable).isFalse();
    assertThat(said)
        .singleElement()
        .asString()
        .startsWith("200")
        .contains("\"store\"", "the database " + later, "does not exist: create it")
        .doesNotContain("secret");
  }

  @Test
  void itGoesOnOnceTheDatabaseIsThereAndLeavesThePortFree() throws Exception {
    boolean usable =
        StoreWait.until(
            postgres(),
            data,
            management,
            _ -> {
              server.execute("postgres", "CREATE DATABASE " + later);
              return false;
            });
    assertThat(usable).isTrue();
    new ServerSocket(management.port(), 1, InetAddress.getLoopbackAddress()).close();
    assertThat(server.query(later, "SELECT count(*) FROM node")).isEqualTo("0");
  }

  private HttpResponse<String> get(String path) {
    try (HttpClient http = HttpClient.newHttpClient()) {
      URI uri = URI.create("http://" + management + path);
      return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
