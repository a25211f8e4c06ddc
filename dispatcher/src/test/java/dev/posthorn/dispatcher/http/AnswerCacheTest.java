package dev.posthorn.dispatcher.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.posthorn.dispatcher.http.AccessReviews.UnansweredException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AnswerCacheTest {
  private Instant now = Instant.parse("2026-11-22T10:00:00Z");
  private final AtomicInteger asked = new AtomicInteger();
  private final AnswerCache<String, Boolean> cache =
      new AnswerCache<>(Duration.ofSeconds(30), Boolean::booleanValue, () -> now);
  private boolean away;
  private boolean answer = true;

  private boolean get(String question) {
    return cache.get(
        question,
        () -> {
          asked.incrementAndGet();
          if (away) {
            throw new UnansweredException(new IllegalStateException("away"));
          }
          return answer;
        });
  }

  @Test
  void aGoodAnswerIsAskedForOnceInItsTime() {
    get("a");
    now = now.plusSeconds(29);
    get("a");
    assertThat(asked).hasValue(1);
    now = now.plusSeconds(1);
    get("a");
    assertThat(asked).hasValue(2);
  }

  @Test
  void aRefusalIsForgottenSooner() {
    answer = false;
    get("a");
    answer = true;
    now = now.plusSeconds(4);
    assertThat(get("a")).isFalse();
    now = now.plusSeconds(1);
    assertThat(get("a")).isTrue();
  }

  @Test
  void aGoodAnswerHoldsAnHourWhileNobodyAnswers() {
    get("a");
    away = true;
    now = now.plusSeconds(3_599);
    assertThat(get("a")).isTrue();
    now = now.plusSeconds(1);
    assertThatThrownBy(() -> get("a")).isInstanceOf(UnansweredException.class);
  }

  @Test
  void whileNobodyAnswersNotEveryCallWaitsForThat() {
    get("a");
    away = true;
    now = now.plusSeconds(60);
    get("a");
    get("a");
    get("a");
    assertThat(asked).hasValue(2);
  }

  @Test
  void aRefusalIsNoAnswerOnceItIsOld() {
    answer = false;
    get("a");
    away = true;
    now = now.plusSeconds(5);
    assertThatThrownBy(() -> get("a")).isInstanceOf(UnansweredException.class);
  }

  @Test
  void aNewAnswerReplacesAnOldOne() {
    get("a");
    answer = false;
    now = now.plusSeconds(30);
    assertThat(get("a")).isFalse();
  }

  @Test
  void noMoreAreKeptThanTheBound() {
    for (int i = 0; i <= AnswerCache.MOST; i++) {
      get("q" + i);
    }
    assertThat(cache.size()).isEqualTo(AnswerCache.MOST);
    get("q" + AnswerCache.MOST);
    assertThat(asked).hasValue(AnswerCache.MOST + 1);
  }

  @Test
  void manyAtOnceAskOnce() throws Exception {
    var release = new CountDownLatch(1);
    var entered = new CountDownLatch(1);
    var answers = new ArrayList<Future<Boolean>>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      answers.add(threads.submit(() -> cache.get("a", () -> slow(entered, release))));
      entered.await();
      for (int i = 0; i < 50; i++) {
        answers.add(threads.submit(() -> cache.get("a", () -> slow(entered, release))));
      }
      release.countDown();
      for (Future<Boolean> each : answers) {
        assertThat(each.get()).isTrue();
      }
    }
    assertThat(asked).hasValue(1);
  }

  private boolean slow(CountDownLatch entered, CountDownLatch release) {
    asked.incrementAndGet();
    entered.countDown();
    try {
      release.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return true;
  }
}
