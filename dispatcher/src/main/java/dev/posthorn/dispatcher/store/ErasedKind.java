package dev.posthorn.dispatcher.store;

import java.util.Optional;
import java.util.stream.Stream;

/** What an erasure deletes, as receipts name it. A name here is on disk: it keeps its meaning. */
public enum ErasedKind {
  /** Events with what their producers said of them. */
  EVENTS("events"),
  /** The data of events. */
  PAYLOADS("payloads"),
  /** Deliveries that were open, which end by that. */
  DELIVERIES("deliveries"),
  /** Deliveries that had ended without success. */
  DEAD_LETTERS("deadLetters"),
  /** Entries of the delivery log. */
  ATTEMPTS("attempts"),
  /** Headers and excerpts of requests and responses. */
  EXCHANGES("exchanges"),
  /** Ids of producers that were remembered against duplicates. */
  IDEMPOTENCY_KEYS("idempotencyKeys"),
  /** Records of the tenant's own streams that could not become events. */
  REJECTED("rejected"),
  /** Names of system events that were told. */
  NOTICES("notices"),
  /** What callers had wanted delivered again. */
  REPLAYS("replays"),
  /** Endpoints whose resource is gone. */
  ENDPOINTS("endpoints");

  private final String wire;

  ErasedKind(String wire) {
    this.wire = wire;
  }

  /** The kind of a {@link #wire()} text. */
  static Optional<ErasedKind> ofWire(String wire) {
    return Stream.of(values()).filter(kind -> kind.wire.equals(wire)).findFirst();
  }

  /** As receipts and the database spell it. */
  public String wire() {
    return wire;
  }
}
