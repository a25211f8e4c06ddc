package dev.posthorn.dispatcher.send;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.dispatcher.send.NameResolver.Answer;
import dev.posthorn.dispatcher.send.NameResolver.Found;
import dev.posthorn.dispatcher.send.NameResolver.NotFound;
import dev.posthorn.dispatcher.send.NameResolver.Unavailable;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class LookupCacheTest {
  private static final long LONG = Duration.ofSeconds(10).toNanos();
  private static final Found HOME = new Found(List.of(InetAddress.ofLiteral("127.0.0.1")));

  private final AtomicReference<Instant> now = new AtomicReference<>(Sending.NOW);
  private final AtomicInteger asked = new AtomicInteger();

  @Test
  void anAddressIsKeptForThirtySeconds() throws Exception {
    var cache = cache(HOME);
    cache.resolve("a.com.", LONG);
    after(Duration.ofSeconds(29));
    assertThat(cache.resolve("a.com.", LONG)).isEqualTo(HOME);
    assertThat(asked).hasValue(1);
    after(Duration.ofSeconds(1));
    cache.resolve("a.com.", LONG);
    assertThat(asked).hasValue(2);
  }

  @Test
  void aFailureIsKeptForFiveSeconds() throws Exception {
    for (var failure : List.of(new NotFound(), new Unavailable())) {
      asked.set(0);
      var cache = cache(failure);
      cache.resolve("a.com.", LONG);
      after(Duration.ofSeconds(4));
      assertThat(cache.resolve("a.com.", LONG)).isEqualTo(failure);
      assertThat(asked).hasValue(1);
      after(Duration.ofSeconds(1));
      cache.resolve("a.com.", LONG);
      assertThat(asked).hasValue(2);
    }
  }

  @Test
  void callersOfOneNameShareALookup() throws Exception {
    var gate = new CountDownLatch(1);
    var cache = waiting(gate);
    var callers = resolveAll(cache, IntStream.range(0, 50).mapToObj(i -> "a.com.").toList());
    gate.countDown();
    for (var caller : callers) {
      assertThat(caller.join()).isEqualTo(HOME);
    }
    assertThat(asked).hasValue(1);
  }

  @Test
  void atMost128LookupsRunAtOnce() throws Exception {
    var gate = new CountDownLatch(1);
    var running = new CountDownLatch(128);
    var cache =
        new LookupCache(
            name -> {
              asked.incrementAndGet();
              running.countDown();
              await(gate);
              return HOME;
            },
            now::get);
    var callers =
        resolveAll(cache, IntStream.range(0, 200).mapToObj(i -> "a" + i + ".com.").toList());
    running.await();
    assertThat(cache.resolve("late.com.", 1_000_000)).isEqualTo(new Unavailable());
    assertThat(asked).hasValue(128);
    gate.countDown();
    for (var caller : callers) {
      assertThat(caller.join()).isEqualTo(HOME);
    }
  }

  private void after(Duration time) {
    now.updateAndGet(instant -> instant.plus(time));
  }

  private LookupCache cache(Answer answer) {
    return new LookupCache(
        name -> {
          asked.incrementAndGet();
          return answer;
        },
        now::get);
  }

  private LookupCache waiting(CountDownLatch gate) {
    return new LookupCache(
        name -> {
          asked.incrementAndGet();
          await(gate);
          return HOME;
        },
        now::get);
  }

  private static List<CompletableFuture<Answer>> resolveAll(LookupCache cache, List<String> names) {
    return names.stream().map(name -> resolve(cache, name)).toList();
  }

  private static CompletableFuture<Answer> resolve(LookupCache cache, String name) {
    var answer = new CompletableFuture<Answer>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            answer.complete(cache.resolve(name, LONG));
          } catch (InterruptedException e) {
            answer.completeExceptionally(e);
          }
        });
    return answer;
  }

  private static void await(CountDownLatch gate) {
    try {
      gate.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
