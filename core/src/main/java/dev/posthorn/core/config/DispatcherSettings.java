package dev.posthorn.core.config;

import dev.posthorn.core.egress.EgressPolicy;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one Dispatcher resource sets for the whole dispatcher. Immutable.
 *
 * @param suspended accepts and stores, sends nothing, consumes nothing
 * @param tenancy who is a tenant
 * @param egress what may be reached
 * @param limits what may be used at once
 * @param retention how long things are kept
 * @param log what the delivery log shows
 * @param staleConfig what happens when the operator's changes no longer arrive
 * @param alerts the endpoint that gets the system events of all tenants; null for none
 */
public record DispatcherSettings(
    boolean suspended,
    Tenancy tenancy,
    EgressPolicy egress,
    Limits limits,
    Retention retention,
    Log log,
    StaleConfig staleConfig,
    @Nullable ResourceName alerts) {
  /** What a directory without a Dispatcher has. */
  public static final DispatcherSettings DEFAULT =
      new DispatcherSettings(
          false,
          Tenancy.NAMESPACE,
          EgressPolicy.DEFAULT,
          Limits.DEFAULT,
          Retention.DEFAULT,
          Log.DEFAULT,
          StaleConfig.DEFAULT);

  /** Settings that an older version stored lack {@code staleConfig}: the default. */
  public DispatcherSettings {
    staleConfig = Objects.requireNonNullElse(staleConfig, StaleConfig.DEFAULT);
  }

  /** Settings by which nobody gets the system events of all tenants. */
  public DispatcherSettings(
      boolean suspended,
      Tenancy tenancy,
      EgressPolicy egress,
      Limits limits,
      Retention retention,
      Log log,
      StaleConfig staleConfig) {
    this(suspended, tenancy, egress, limits, retention, log, staleConfig, null);
  }

  /** The same where {@code endpoint} gets the system events of all tenants. */
  public DispatcherSettings withAlerts(@Nullable ResourceName endpoint) {
    return new DispatcherSettings(
        suspended, tenancy, egress, limits, retention, log, staleConfig, endpoint);
  }

  /** Who is a tenant. */
  public enum Tenancy {
    /** The namespace of an endpoint. */
    NAMESPACE,
    /** What the endpoint's {@code tenant} says: its namespace is trusted with every tenant. */
    FIELD
  }

  /**
   * How long things are kept.
   *
   * @param payloadDays payloads and events
   * @param logDays attempts and dead letters
   * @param auditDays the audit log
   * @param maxBytes size of the store at which the oldest go earlier
   */
  public record Retention(int payloadDays, int logDays, int auditDays, long maxBytes) {
    /** 30, 90 and 365 days, 8 GiB. */
    public static final Retention DEFAULT = new Retention(30, 90, 365, 8L << 30);
  }

  /**
   * What the delivery log keeps of requests and responses.
   *
   * @param requestBody whether an excerpt of the request's body
   * @param responseBody whether an excerpt of the response's body
   * @param redactHeaders names, in lower case, of headers whose values are masked besides those
   *     that always are
   */
  public record Log(boolean requestBody, boolean responseBody, Set<String> redactHeaders) {
    /** Both bodies, no additional header masked. */
    public static final Log DEFAULT = new Log(true, true, Set.of());

    /** Copies the set. */
    public Log {
      redactHeaders = Set.copyOf(redactHeaders);
    }
  }

  /**
   * What happens when the operator's changes no longer arrive: a revocation may be among them.
   *
   * @param mode whether sending is held
   * @param holdAfterSeconds how long nothing may arrive before it is
   */
  public record StaleConfig(Mode mode, int holdAfterSeconds) {
    /** Held after an hour. */
    public static final StaleConfig DEFAULT = new StaleConfig(Mode.HOLD, 3_600);

    /** Whether sending is held. */
    public enum Mode {
      /** It is; accepting goes on. */
      HOLD,
      /** It goes on with what is known. */
      CONTINUE
    }
  }
}
