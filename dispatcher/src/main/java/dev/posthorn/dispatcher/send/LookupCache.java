package dev.posthorn.dispatcher.send;

import dev.posthorn.dispatcher.send.NameResolver.Answer;
import dev.posthorn.dispatcher.send.NameResolver.Found;
import dev.posthorn.dispatcher.send.NameResolver.Unavailable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Lookups with a bound and a short memory. The JDK's lookup blocks an operating system thread and
 * cannot be interrupted, so each runs on a virtual thread of its own, at most {@value #CONCURRENT}
 * at once, while the caller waits no longer than it may. Callers that want the same name share one
 * lookup. Any thread.
 */
final class LookupCache {
  static final Duration KEEP_FOUND = Duration.ofSeconds(30);
  static final Duration KEEP_FAILED = Duration.ofSeconds(5);
  private static final int CONCURRENT = 128;
  private static final int MAX_NAMES = 20_000;

  private final NameResolver resolver;
  private final InstantSource clock;
  private final Semaphore permits = new Semaphore(CONCURRENT);
  private final ConcurrentHashMap<String, Lookup> lookups = new ConcurrentHashMap<>();

  LookupCache(NameResolver resolver, InstantSource clock) {
    this.resolver = resolver;
    this.clock = clock;
  }

  /** Looks {@code name} up, waiting at most {@code nanos}; no answer in time is unavailable. */
  Answer resolve(String name, long nanos) throws InterruptedException {
    try {
      return lookup(name).answer.get(nanos, TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return new Unavailable();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the resolver of names failed", e.getCause());
    }
  }

  private Lookup lookup(String name) {
    var now = clock.instant();
    var known = lookups.get(name);
    if (known != null && known.usable(now)) {
      return known;
    }
    if (lookups.size() >= MAX_NAMES) {
      lookups.values().removeIf(old -> !old.usable(now));
      if (lookups.size() >= MAX_NAMES) {
        lookups.clear();
      }
    }
    var fresh = new Lookup();
    var current = lookups.compute(name, (_, old) -> old != null && old.usable(now) ? old : fresh);
    if (current == fresh) {
      Thread.ofVirtual().name("lookup").start(() -> run(name, fresh));
    }
    return current;
  }

  private void run(String name, Lookup lookup) {
    permits.acquireUninterruptibly();
    try {
      var answer = resolver.resolve(name);
      lookup.expires = clock.instant().plus(answer instanceof Found ? KEEP_FOUND : KEEP_FAILED);
      lookup.answer.complete(answer);
    } catch (RuntimeException e) {
      lookup.expires = Instant.MIN;
      lookup.answer.completeExceptionally(e);
      throw e;
    } finally {
      permits.release();
    }
  }

  /** One lookup, running or done. */
  private static final class Lookup {
    final CompletableFuture<Answer> answer = new CompletableFuture<>();

    /** Null while it runs; written before {@link #answer}. */
    volatile @Nullable Instant expires;

    boolean usable(Instant now) {
      var end = expires;
      return end == null || now.isBefore(end);
    }
  }
}
