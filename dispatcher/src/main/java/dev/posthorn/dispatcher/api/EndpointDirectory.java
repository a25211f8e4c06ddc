package dev.posthorn.dispatcher.api;

import dev.posthorn.dispatcher.store.AuditEntry;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints there are, with their health. Thread-safe; may block on the store, and throws
 * {@link dev.posthorn.dispatcher.store.StoreUnavailableException} where that does not answer.
 */
public interface EndpointDirectory {
  /**
   * Declared endpoints of a tenant, by name.
   *
   * @param after only names behind this one; null for the first
   * @param limit at most so many
   */
  List<EndpointStatus> list(String tenant, @Nullable String after, int limit);

  /** One declared endpoint. */
  Optional<EndpointStatus> find(String tenant, String name);

  /** The number that an endpoint has in the store, also once its resource is gone. */
  OptionalInt number(String tenant, String name);

  /** The name behind a number of the store, also once the resource is gone. */
  String name(int number);

  /**
   * Re-enables an endpoint that is disabled, from one probe upwards; durable when this returns. One
   * that is healthy stays as it is.
   *
   * @param entry who asks, and for which tenant
   * @return the endpoint afterwards; empty if no such endpoint is declared
   */
  Optional<EndpointStatus> enable(AuditEntry entry, String name);
}
