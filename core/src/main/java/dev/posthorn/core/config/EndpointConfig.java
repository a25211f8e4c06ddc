package dev.posthorn.core.config;

import dev.posthorn.core.event.BodyFormat;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One WebhookEndpoint, resolved: every default filled in, every reference replaced by its value but
 * for the keys, which are named. Immutable. No {@code toString} of it shows a credential.
 *
 * @param name its identity, over deletion and re-creation too
 * @param tenant whose events it may receive
 * @param target where requests go
 * @param suspended whether its deliveries wait
 * @param events which events it wants
 * @param body what is sent
 * @param signatures how it is signed: 1..4; unsigned is the one scheme {@code none}
 * @param headers additional headers, at most 32
 * @param delivery how it is sent
 * @param retry when it is tried again
 * @param autoDisable when it is given up
 * @param tls what is trusted and presented
 */
public record EndpointConfig(
    ResourceName name,
    String tenant,
    Target target,
    boolean suspended,
    Events events,
    Body body,
    List<Signature> signatures,
    List<Header> headers,
    Delivery delivery,
    Retry retry,
    AutoDisable autoDisable,
    Tls tls) {

  /** Copies the lists. */
  public EndpointConfig {
    signatures = List.copyOf(signatures);
    headers = List.copyOf(headers);
  }

  /** The same endpoint, suspended or not. */
  public EndpointConfig withSuspended(boolean wanted) {
    return new EndpointConfig(
        name,
        tenant,
        target,
        wanted,
        events,
        body,
        signatures,
        headers,
        delivery,
        retry,
        autoDisable,
        tls);
  }

  /**
   * Which events it wants.
   *
   * @param types patterns: exact, {@code prefix.*} or {@code *}; at least one
   * @param filter CEL of type bool over {@code event}; null for all
   */
  public record Events(List<String> types, @Nullable String filter) {
    /** Copies the list. */
    public Events {
      types = List.copyOf(types);
    }
  }

  /**
   * What is sent.
   *
   * @param format how an event becomes a body
   * @param transform CEL over {@code event}, whose JSON is the body; null for none
   */
  public record Body(BodyFormat format, @Nullable String transform) {}

  /**
   * One way in which requests are signed.
   *
   * @param scheme a built-in scheme or a {@link SchemeConfig}
   * @param keys the {@link KeysConfig} to sign with; null only for the scheme {@code none}
   */
  public record Signature(String scheme, @Nullable ResourceName keys) {}

  /**
   * An additional header.
   *
   * @param name in lower case
   * @param value as on the wire
   * @param secret whether the value comes from a Secret, so that logs mask it
   */
  public record Header(String name, String value, boolean secret) {
    @Override
    public String toString() {
      return name + ": " + (secret ? "(masked)" : value);
    }
  }

  /**
   * How it is sent.
   *
   * @param timeoutSeconds total deadline of an attempt
   * @param maxConcurrency most requests in flight to this endpoint
   * @param ordering whether one delivery waits for the one before
   * @param rate most requests in a time; null for no limit
   */
  public record Delivery(
      int timeoutSeconds, int maxConcurrency, Ordering ordering, @Nullable Rate rate) {}

  /** Whether deliveries of an endpoint wait for each other. */
  public enum Ordering {
    /** They do not. */
    NONE,
    /** One in flight, in the order of acceptance; a failing one holds the next. */
    ENDPOINT
  }

  /** At most {@code requests} in {@code perSeconds}. */
  public record Rate(int requests, int perSeconds) {}

  /**
   * When an endpoint without success is given up.
   *
   * @param afterFailingSeconds how long it may fail; null for ever ({@code mode: Never})
   * @param ignoreFailuresBefore a wish: what failed before this time does not count, so an endpoint
   *     that was disabled before it is enabled again, once; null for none
   */
  public record AutoDisable(
      @Nullable Long afterFailingSeconds, @Nullable Instant ignoreFailuresBefore) {}
}
