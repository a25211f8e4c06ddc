package dev.posthorn.dispatcher.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** The writing connection is cut before a message, or before the answer to it. */
class PostgresRepetitionTest extends RepetitionContract {
  private final PostgresProcess server = PostgresProcess.shared();
  private @Nullable CuttingProxy proxy;

  @Override
  DeliveryStore open(Countdown before, Countdown after) {
    try {
      var opened = new CuttingProxy(server.port(), before, after);
      proxy = opened;
      return PostgresDeliveryStore.open(
          new PostgresDeliveryStore.Options(
              opened.url(server.create()),
              new SecretKeySpec(new byte[32], "AES"),
              tenant -> EveryWrite.LANE,
              "cut",
              Duration.ofSeconds(15),
              true));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  int points() {
    return 250;
  }

  @AfterEach
  void closeProxy() throws IOException {
    if (proxy != null) {
      proxy.close();
    }
  }
}
