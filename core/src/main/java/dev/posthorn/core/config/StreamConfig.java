package dev.posthorn.core.config;

import org.jspecify.annotations.Nullable;

/**
 * One EventStream, resolved: where events are read from and how a record becomes one. Immutable.
 *
 * @param name its identity; the name of its position in the store
 * @param suspended whether nothing is read
 * @param tenant whose events they are, whatever a record says; null where the record decides (only
 *     a stream of the platform)
 * @param guarded whether the egress guard judges where the broker is: a stream that is not the
 *     platform's, in a cluster
 * @param redis the stream
 * @param format what a record looks like
 * @param mapping where the parts of the event are; null where the format says so, which {@code
 *     FIELDS} does not
 * @param filter CEL of type bool over {@code event}: what it refuses is acknowledged and not
 *     stored; null for none
 */
public record StreamConfig(
    ResourceName name,
    boolean suspended,
    @Nullable String tenant,
    boolean guarded,
    Redis redis,
    Format format,
    @Nullable Mapping mapping,
    @Nullable String filter) {

  /** The same stream, suspended or not. */
  public StreamConfig withSuspended(boolean wanted) {
    return new StreamConfig(name, wanted, tenant, guarded, redis, format, mapping, filter);
  }

  /**
   * A Redis stream, read by a consumer group.
   *
   * @param address {@code host:port}
   * @param tls whether it speaks TLS
   * @param credentials how to log in; null for not at all
   * @param stream the stream's key
   * @param group the consumer group, made if it is not there
   * @param startFrom where a new group begins
   */
  public record Redis(
      String address,
      boolean tls,
      @Nullable Credentials credentials,
      String stream,
      String group,
      StartFrom startFrom) {}

  /**
   * A login; {@code toString} does not show the password.
   *
   * @param user the ACL user; null for the default one
   * @param password its password
   */
  public record Credentials(@Nullable String user, String password) {
    @Override
    public String toString() {
      return "Credentials[" + (user == null ? "default" : user) + "]";
    }
  }

  /** Where a new consumer group begins. */
  public enum StartFrom {
    /** With what is added from now on. */
    END,
    /** With the oldest entry there is. */
    BEGINNING
  }

  /** What a record looks like. */
  public enum Format {
    /** A CloudEvents 1.0 JSON document. */
    CLOUD_EVENTS,
    /** {@code {tenant, type, data, id?, ...}}. */
    JSON,
    /** The fields of a Redis entry, as strings. */
    FIELDS
  }

  /**
   * CEL over {@code record} for each part of an event; what the resource left out is filled in.
   *
   * @param tenant the tenant; null where it is fixed
   * @param type the type
   * @param id the producer's id
   * @param time the producer's time
   * @param data the payload
   */
  public record Mapping(
      @Nullable String tenant, String type, String id, String time, String data) {}
}
