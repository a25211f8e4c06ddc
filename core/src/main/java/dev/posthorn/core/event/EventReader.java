package dev.posthorn.core.event;

import java.util.List;

/**
 * Reads what producers publish: the JSON form, and CloudEvents 1.0 structured, batched and binary
 * ({@code POST /v1/events}; the same forms in streams).
 *
 * <p>Stateless, safe for any thread. Never throws for what a producer sent. Keeps {@code body} (a
 * binary event's data is the array itself): the caller must not change it afterwards.
 */
public final class EventReader {
  /** Events in one batch. */
  public static final int MAX_BATCH = 1_000;

  private EventReader() {}

  /**
   * Reads a publish by its {@code content-type} and {@code ce-*} headers.
   *
   * @param headers all headers of the request; of interest are {@code content-type}, {@code ce-*}
   *     and {@code traceparent}
   * @param body the whole body; its size was bounded by the caller
   * @param tenant who decides the tenant
   */
  public static Reading read(List<Header> headers, byte[] body, TenantRule tenant) {
    throw new UnsupportedOperationException();
  }

  /** Reads the JSON form, for streams of format {@code Json}. */
  public static Reading readJson(byte[] body, TenantRule tenant) {
    throw new UnsupportedOperationException();
  }

  /** Reads a CloudEvent in the JSON format, for streams of format {@code CloudEvents}. */
  public static Reading readCloudEvent(byte[] body, TenantRule tenant) {
    throw new UnsupportedOperationException();
  }
}
