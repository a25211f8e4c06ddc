package dev.posthorn.e2e.capacity;

import dev.posthorn.e2e.fixture.Http;
import dev.posthorn.e2e.fixture.Manifests;
import dev.posthorn.e2e.fixture.Received;
import dev.posthorn.e2e.fixture.Receiver;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** A customer's server that is gone (410) until it is mended; then it takes 20 ms. Thread-safe. */
final class DeadReceiver implements AutoCloseable {
  static final String TENANT = "dead";
  static final String NAME = "gone";

  /** What an event that found it gone has for its number. */
  static final int BEFORE = -1;

  private static final int KEPT = 2_000;
  private static final long ANSWER_NANOS = 20_000_000;

  /**
   * A request after it was mended.
   *
   * @param n the event's number, as {@link Backlog} counts
   * @param atOnce how many were under way, this one included
   */
  record Arrival(int n, int atOnce) {}

  private final List<Arrival> arrivals = new CopyOnWriteArrayList<>();
  private final AtomicInteger under = new AtomicInteger();
  private final Receiver receiver;
  private volatile boolean mended;

  DeadReceiver() throws IOException {
    receiver = Receiver.answering(this::answer);
  }

  String manifest() {
    return Manifests.endpoint(TENANT, NAME, receiver.url("/in"), "\"*\"", "{scheme: none}", "");
  }

  void mend() {
    mended = true;
  }

  private int answer(Received request) {
    if (!mended) {
      return 410;
    }
    int atOnce = under.incrementAndGet();
    if (arrivals.size() < KEPT) {
      arrivals.add(new Arrival(Http.parse(request.text()).at("/data/n").asInt(), atOnce));
    }
    LockSupport.parkNanos(ANSWER_NANOS);
    under.decrementAndGet();
    return 204;
  }

  /** Of the backlog, in the order in which they came. */
  List<Arrival> arrivals() {
    return arrivals.stream().filter(each -> each.n() != BEFORE).toList();
  }

  @Override
  public void close() {
    receiver.close();
  }
}
