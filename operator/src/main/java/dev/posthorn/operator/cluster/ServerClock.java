package dev.posthorn.operator.cluster;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What time it is by the API server's clock, from the {@code Date} of its answers. An answer that
 * was long under way, or lay there while this process was stopped, looks like a clock that is
 * behind: of the last answers the one counts that is nearest to this process's clock. Thread-safe.
 */
public final class ServerClock implements Interceptor {
  private static final int ANSWERS = 8;

  /** A Date has no fractions: on average it is this much too early. */
  private static final Duration HALF = Duration.ofMillis(500);

  private final InstantSource own;
  private final Deque<Duration> ahead = new ArrayDeque<>(ANSWERS); // guarded by this

  /** Compares with {@code own}. */
  public ServerClock(InstantSource own) {
    this.own = own;
  }

  @Override
  public void after(
      HttpRequest request, HttpResponse<?> response, AsyncBody.Consumer<List<ByteBuffer>> body) {
    String date = response.header("Date");
    if (date != null) {
      answered(date);
    }
  }

  /** An answer came now and says that it is from {@code date}; what is no date says nothing. */
  void answered(String date) {
    Instant server;
    try {
      server = DateTimeFormatter.RFC_1123_DATE_TIME.parse(date, Instant::from);
    } catch (DateTimeParseException unreadable) {
      return;
    }
    Duration difference = Duration.between(own.instant(), server.plus(HALF));
    synchronized (this) {
      if (ahead.size() == ANSWERS) {
        ahead.removeFirst();
      }
      ahead.addLast(difference);
    }
  }

  /** The moment {@code now} of this process's clock by the API server's; null while not known. */
  public synchronized @Nullable Instant at(Instant now) {
    return ahead.stream()
        .min((first, second) -> first.abs().compareTo(second.abs()))
        .map(now::plus)
        .orElse(null);
  }
}
