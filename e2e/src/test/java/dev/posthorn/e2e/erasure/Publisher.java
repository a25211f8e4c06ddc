package dev.posthorn.e2e.erasure;

import dev.posthorn.e2e.fixture.Http;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/** Publishes events of one tenant until it is told to stop or one is not taken. */
final class Publisher implements AutoCloseable {
  private final Http api;
  private final String event;
  private final List<String> accepted = new CopyOnWriteArrayList<>();
  private final AtomicInteger refusal = new AtomicInteger();
  private volatile boolean stopped;
  private final Thread thread = Thread.ofPlatform().unstarted(this::run);

  /**
   * Begins to publish.
   *
   * @param event as CloudEvents JSON, with {@code %d} where each differs
   */
  Publisher(Http api, String event) {
    this.api = api;
    this.event = event;
    thread.start();
  }

  private void run() {
    for (int n = 0; !stopped; n++) {
      HttpResponse<String> answer =
          api.post("/v1/events", "application/cloudevents+json", event.replace("%d", "" + n));
      if (answer.statusCode() != 202) {
        refusal.set(answer.statusCode());
        return;
      }
      accepted.add(Http.parse(answer.body()).path("id").asText());
    }
  }

  /** Ids of the events that were taken. */
  List<String> accepted() {
    return accepted;
  }

  /** The status that ended it; 0 for none. */
  int refusal() {
    return refusal.get();
  }

  /** Returns when the last answer is there. */
  @Override
  public void close() {
    stopped = true;
    Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> !thread.isAlive());
  }
}
