package dev.posthorn.dispatcher;

import dev.posthorn.dispatcher.api.ErasureDirectory;
import dev.posthorn.dispatcher.store.AuditEntry;
import dev.posthorn.dispatcher.store.DeliveryLog;
import dev.posthorn.dispatcher.store.Erasure;
import dev.posthorn.dispatcher.store.StoreUnavailableException;
import dev.posthorn.dispatcher.store.Written;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** Erasures for the API: asks for one, and waits a while for its end. Thread-safe. */
final class LiveErasures implements ErasureDirectory {
  /** How long a caller waits for the first transaction, and then for the last. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final DeliveryLog log;
  private final Function<AuditEntry, CompletableFuture<Written.Begun>> begin;
  private final Map<String, CompletableFuture<Erasure>> ends = new ConcurrentHashMap<>();

  /**
   * Creates the directory.
   *
   * @param begin stops the tenant and hands its erasure to the store
   */
  LiveErasures(DeliveryLog log, Function<AuditEntry, CompletableFuture<Written.Begun>> begin) {
    this.log = log;
    this.begin = begin;
  }

  @Override
  public Optional<Erasure> erase(AuditEntry entry) {
    String tenant = entry.tenant();
    if (!log.knows(tenant)) {
      return Optional.empty();
    }
    CompletableFuture<Erasure> end = ends.computeIfAbsent(tenant, _ -> new CompletableFuture<>());
    Optional<Erasure> begun = Optional.ofNullable(begun(entry).erasure());
    try {
      return Optional.of(end.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException goesOn) {
      return log.erasure(tenant).or(() -> begun);
    } catch (ExecutionException impossible) {
      throw new IllegalStateException("an end never fails", impossible);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return begun;
    }
  }

  private Written.Begun begun(AuditEntry entry) {
    try {
      return begin.apply(entry).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw late(e);
    } catch (ExecutionException | TimeoutException e) {
      throw late(e);
    }
  }

  /** The tenant is stopped and the store has it in its queue: it may yet begin. */
  private static StoreUnavailableException late(Exception cause) {
    return new StoreUnavailableException(
        "the store did not answer: ask again, the tenant stays stopped until it is erased",
        true,
        cause);
  }

  @Override
  public Optional<Erasure> find(String tenant) {
    return log.erasure(tenant);
  }

  /** The store says that an erasure is complete. */
  void completed(Erasure erasure) {
    CompletableFuture<Erasure> waiting = ends.remove(erasure.tenant());
    if (waiting != null) {
      waiting.complete(erasure);
    }
  }
}
