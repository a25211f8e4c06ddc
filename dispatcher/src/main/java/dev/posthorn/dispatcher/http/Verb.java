package dev.posthorn.dispatcher.http;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What a caller may do for a tenant. No verb includes another. */
public enum Verb {
  /** Publish events. */
  PUBLISH,
  /** See events, attempts, dead letters and endpoints, without payloads. */
  READ,
  /** See payloads: the data of events, the bodies of requests and responses. */
  PAYLOAD,
  /** Act on deliveries: enable, redeliver, replay, test. */
  OPERATE,
  /** Declare endpoints. */
  MANAGE,
  /** Rotate, revoke and reveal keys. */
  KEYS,
  /** Erase a tenant. */
  ERASE;

  private final String wire = name().toLowerCase(Locale.ROOT);

  /** The verb of a {@link #wire()} text. */
  public static Optional<Verb> ofWire(String wire) {
    return Stream.of(values()).filter(verb -> verb.wire.equals(wire)).findFirst();
  }

  /** As token files and messages spell it. */
  public String wire() {
    return wire;
  }
}
