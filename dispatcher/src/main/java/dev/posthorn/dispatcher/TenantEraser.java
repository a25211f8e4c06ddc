package dev.posthorn.dispatcher;

import dev.posthorn.dispatcher.lane.Message;
import dev.posthorn.dispatcher.snapshot.Snapshot;
import dev.posthorn.dispatcher.store.AuditEntry;
import dev.posthorn.dispatcher.store.EndpointRow;
import dev.posthorn.dispatcher.store.StoreThread;
import dev.posthorn.dispatcher.store.Write;
import dev.posthorn.dispatcher.store.Written;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Has a tenant erased in the right order: the scheduler first, then what is in memory, then the
 * store. One thread at a time, and none that applies a configuration meanwhile.
 */
final class TenantEraser {
  private static final Duration STOP = Duration.ofSeconds(5);

  private final Supplier<@Nullable Snapshot> snapshots;
  private final EndpointRegistry endpoints;
  private final EventCache cache;
  private final CommandRunner commands;
  private final StoreThread store;
  private final Consumer<Message> scheduler;

  TenantEraser(
      Supplier<@Nullable Snapshot> snapshots,
      EndpointRegistry endpoints,
      EventCache cache,
      CommandRunner commands,
      StoreThread store,
      Consumer<Message> scheduler) {
    this.snapshots = snapshots;
    this.endpoints = endpoints;
    this.cache = cache;
    this.commands = commands;
    this.store = store;
    this.scheduler = scheduler;
  }

  /** Stops the tenant and hands its erasure to the store. */
  CompletableFuture<Written.Begun> begin(AuditEntry entry) {
    String tenant = entry.tenant();
    CompletableFuture<@Nullable Void> stopped = commands.whenStopped(tenant);
    stop(tenant, true);
    try {
      stopped.get(STOP.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException busy) {
      // It stops when it comes to it; outcomes that come after the erasure are refused.
    }
    // Else the outcomes that the scheduler knew of are in the store's queue, before the erasure.
    List<Integer> gone = goneEndpoints(tenant);
    endpoints.erase(tenant, gone);
    cache.forget(tenant);
    return store.erase(new Write.Erase(entry, gone, streamsOf(tenant)));
  }

  /** Keeps a tenant stopped whose erasure runs since an earlier life. */
  void resume(String tenant) {
    stop(tenant, false);
  }

  /** Another process began to erase a tenant. */
  void follow(String tenant) {
    stop(tenant, false);
    endpoints.erase(tenant, goneEndpoints(tenant));
    cache.forget(tenant);
  }

  private void stop(String tenant, boolean asked) {
    scheduler.accept(
        new Message.StopTenant(
            tenant,
            endpoints.ofTenant(tenant).stream()
                .map(EndpointRow::number)
                .collect(Collectors.toSet()),
            asked));
  }

  /** Without a configuration nothing is known to be gone. */
  private List<Integer> goneEndpoints(String tenant) {
    Snapshot present = snapshots.get();
    return present == null
        ? List.of()
        : endpoints.ofTenant(tenant).stream()
            .map(EndpointRow::number)
            .filter(number -> present.destination(number).isEmpty())
            .toList();
  }

  private List<String> streamsOf(String tenant) {
    Snapshot present = snapshots.get();
    return present == null
        ? List.of()
        : present.streams().stream()
            .filter(stream -> tenant.equals(stream.tenant()))
            .map(stream -> stream.name().toString())
            .toList();
  }
}
