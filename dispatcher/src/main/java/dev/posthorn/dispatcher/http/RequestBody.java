package dev.posthorn.dispatcher.http;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;

/**
 * The body of one request, read whole, bounded in bytes and in time. One thread; reading blocks.
 */
final class RequestBody {
  private static final int FIRST_BUFFER = 4096;

  private final Request request;
  private final Duration within;
  private boolean ended;
  private boolean touched;
  private boolean gaveUp;

  /**
   * The body of {@code request}.
   *
   * @param within how long it may take to arrive, from its first read
   */
  RequestBody(Request request, Duration within) {
    this.request = request;
    this.within = within;
    this.ended =
        request.getLength() <= 0 && !request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING);
  }

  /**
   * The whole body.
   *
   * @param limit bytes; a body with one more is refused, never cut, however it is framed
   * @throws ProblemException 413, 408, or 400 where its framing is broken
   * @throws ClientGoneException where the connection ended before it
   */
  byte[] read(int limit) {
    if (ended) {
      return new byte[0];
    }
    long length = request.getLength();
    if (length > limit) {
      throw tooLarge(limit);
    }
    var bytes = new byte[length < 0 ? Math.min(limit, FIRST_BUFFER) : (int) length];
    int size = 0;
    long deadline = System.nanoTime() + within.toNanos();
    while (!ended) {
      Content.Chunk chunk = next(deadline);
      try {
        ByteBuffer buffer = chunk.getByteBuffer();
        int more = buffer.remaining();
        if (more > limit - size) {
          throw tooLarge(limit);
        }
        bytes = size + more <= bytes.length ? bytes : grown(bytes, size + more, limit);
        buffer.get(bytes, size, more);
        size += more;
        ended = chunk.isLast();
      } finally {
        chunk.release();
      }
    }
    return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
  }

  private static byte[] grown(byte[] bytes, int needed, int limit) {
    return Arrays.copyOf(bytes, Math.max(needed, (int) Math.min(limit, bytes.length * 2L)));
  }

  /**
   * Reads on after an early answer, so that the client gets to see it instead of a reset. Gives up
   * after {@code limit} bytes or {@code time}; the server then closes the connection.
   */
  void drain(int limit, Duration time) {
    if (ended || gaveUp || (!touched && request.getHeaders().contains(HttpHeader.EXPECT))) {
      return;
    }
    long deadline = System.nanoTime() + time.toNanos();
    try {
      for (long size = 0; !ended && size < limit; ) {
        Content.Chunk chunk = next(deadline);
        size += chunk.remaining();
        ended = chunk.isLast();
        chunk.release();
      }
    } catch (ProblemException | ClientGoneException answeredAlready) {
      ended = true;
    }
  }

  /** Whether some of it was not read. */
  boolean unread() {
    return !ended;
  }

  private Content.Chunk next(long deadline) {
    touched = true;
    Content.Chunk chunk = request.read();
    while (chunk == null) {
      await(deadline);
      chunk = request.read();
    }
    Throwable failure = chunk.getFailure();
    if (failure != null) {
      throw refusal(failure);
    }
    return chunk;
  }

  private void await(long deadline) {
    var ready = new CompletableFuture<@Nullable Void>();
    request.demand(
        Invocable.from(Invocable.InvocationType.NON_BLOCKING, () -> ready.complete(null)));
    try {
      ready.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      gaveUp = true;
      throw tooSlow();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClientGoneException(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("nothing completes this with a failure", e);
    }
  }

  private RuntimeException refusal(Throwable failure) {
    return switch (failure) {
      case HttpException broken ->
          Problem.of(
                  ProblemType.ofStatus(broken.getCode()),
                  "the framing of the body is broken: check Content-Length and Transfer-Encoding")
              .exception();
      case TimeoutException silent -> tooSlow();
      default -> new ClientGoneException(failure);
    };
  }

  private ProblemException tooSlow() {
    return Problem.of(
            ProblemType.REQUEST_TIMEOUT,
            "the body did not arrive within " + within.toSeconds() + " s: send it again")
        .exception();
  }

  private static ProblemException tooLarge(int limit) {
    return Problem.of(
            ProblemType.TOO_LARGE,
            "the body is larger than "
                + limit
                + " bytes, the limit of this call: send less at once")
        .exception();
  }
}
