package dev.posthorn.dispatcher.http;

import dev.posthorn.dispatcher.http.AccessReviews.UnansweredException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Remembers answers for a short time, good ones longer than bad ones, and asks each question once
 * at a time. While nobody answers, good answers are good for a while longer. Bounded: what was not
 * used for longest is forgotten. Thread-safe.
 */
final class AnswerCache<K, V> {
  static final int MOST = 10_000;
  static final Duration BAD = Duration.ofSeconds(5);
  static final Duration GRACE = Duration.ofMinutes(60);

  /** While nobody answers, a known question is asked again only so often. */
  private static final Duration AGAIN = Duration.ofSeconds(5);

  /**
   * @param answered when it was given
   * @param asked when it was asked for last, in vain or not
   */
  private record Answer<V>(V value, Instant answered, Instant asked) {}

  private final Duration good;
  private final Predicate<V> isGood;
  private final InstantSource clock;
  private final Map<K, CompletableFuture<V>> asking = new ConcurrentHashMap<>();
  private final Map<K, Answer<V>> answers = // guarded by itself
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<K, Answer<V>> eldest) {
          return size() > MOST;
        }
      };

  /**
   * An empty cache.
   *
   * @param good how long a good answer is not asked for again
   */
  AnswerCache(Duration good, Predicate<V> isGood, InstantSource clock) {
    this.good = good;
    this.isGood = isGood;
    this.clock = clock;
  }

  /**
   * The answer to {@code question}.
   *
   * @param ask gets it from where it is known
   * @throws UnansweredException when nobody answers and no good answer is young enough
   */
  V get(K question, Supplier<V> ask) {
    Answer<V> known = known(question);
    if (known != null && fresh(known, clock.instant())) {
      return known.value();
    }
    try {
      return ask(question, ask);
    } catch (UnansweredException e) {
      if (known == null || !graced(known, clock.instant())) {
        throw e;
      }
      put(question, new Answer<>(known.value(), known.answered(), clock.instant()));
      return known.value();
    }
  }

  private boolean fresh(Answer<V> known, Instant now) {
    Duration valid = isGood.test(known.value()) ? good : BAD;
    boolean triedJustNow =
        known.asked().isAfter(known.answered()) && now.isBefore(known.asked().plus(AGAIN));
    return now.isBefore(known.answered().plus(valid)) || (triedJustNow && graced(known, now));
  }

  private boolean graced(Answer<V> known, Instant now) {
    return isGood.test(known.value()) && now.isBefore(known.answered().plus(GRACE));
  }

  private V ask(K question, Supplier<V> ask) {
    var mine = new CompletableFuture<V>();
    CompletableFuture<V> other = asking.putIfAbsent(question, mine);
    if (other != null) {
      return joined(other);
    }
    try {
      V value = ask.get();
      Instant now = clock.instant();
      put(question, new Answer<>(value, now, now));
      mine.complete(value);
      return value;
    } catch (RuntimeException e) {
      mine.completeExceptionally(e);
      throw e;
    } finally {
      asking.remove(question, mine);
    }
  }

  private static <V> V joined(CompletableFuture<V> other) {
    try {
      return other.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof UnansweredException unanswered) {
        throw unanswered;
      }
      throw e;
    }
  }

  private @Nullable Answer<V> known(K question) {
    synchronized (answers) {
      return answers.get(question);
    }
  }

  private void put(K question, Answer<V> answer) {
    synchronized (answers) {
      answers.put(question, answer);
    }
  }

  int size() {
    synchronized (answers) {
      return answers.size();
    }
  }
}
