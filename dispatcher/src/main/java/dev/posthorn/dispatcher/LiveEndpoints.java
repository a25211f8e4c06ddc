package dev.posthorn.dispatcher;

import dev.posthorn.core.config.EndpointConfig;
import dev.posthorn.core.config.OutcomeClass;
import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.keyring.KeyTimes;
import dev.posthorn.core.keyring.KeyVersion;
import dev.posthorn.dispatcher.api.EndpointDirectory;
import dev.posthorn.dispatcher.api.EndpointStatus;
import dev.posthorn.dispatcher.snapshot.Destination;
import dev.posthorn.dispatcher.snapshot.Snapshot;
import dev.posthorn.dispatcher.store.AuditEntry;
import dev.posthorn.dispatcher.store.DeliveryLog;
import dev.posthorn.dispatcher.store.EndpointRow;
import dev.posthorn.dispatcher.store.EndpointState;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The declared endpoints with the health they have now, for the API. Thread-safe. */
final class LiveEndpoints implements EndpointDirectory {
  /** The name of an endpoint that went with its tenant, in the log of one that had it before. */
  private static final String ERASED = "(erased)";

  private static final Duration A_DAY = Duration.ofDays(1);
  private static final Set<EndpointStatus.State> HELD_BACK =
      EnumSet.of(EndpointStatus.State.SUSPENDED, EndpointStatus.State.PAUSED);
  private static final Set<EndpointStatus.State> FORMER_KEY_MATTERS =
      EnumSet.of(EndpointStatus.State.HEALTHY, EndpointStatus.State.FAILING);

  private final Supplier<@Nullable Snapshot> snapshots;
  private final Supplier<@Nullable Instant> held;
  private final EndpointRegistry registry;
  private final DeliveryLog log;
  private final BiConsumer<EndpointRow, AuditEntry> enabler;
  private final InstantSource clock;

  /**
   * Creates the directory.
   *
   * @param held since when the configuration is too old to send by; null while it is not
   * @param enabler notes who asks, re-enables an endpoint, and returns once that is durable
   */
  LiveEndpoints(
      Supplier<@Nullable Snapshot> snapshots,
      Supplier<@Nullable Instant> held,
      EndpointRegistry registry,
      DeliveryLog log,
      BiConsumer<EndpointRow, AuditEntry> enabler,
      InstantSource clock) {
    this.snapshots = snapshots;
    this.held = held;
    this.registry = registry;
    this.log = log;
    this.enabler = enabler;
    this.clock = clock;
  }

  @Override
  public List<EndpointStatus> list(String tenant, @Nullable String after, int limit) {
    return declared(tenant)
        .filter(each -> after == null || each.config().name().name().compareTo(after) > 0)
        .sorted(Comparator.comparing(each -> each.config().name().name()))
        .limit(limit)
        .map(this::status)
        .toList();
  }

  @Override
  public Optional<EndpointStatus> find(String tenant, String name) {
    return declared(tenant, name).map(this::status);
  }

  @Override
  public OptionalInt number(String tenant, String name) {
    return registry.ofTenant(tenant).stream()
        .filter(row -> row.name().name().equals(name))
        .mapToInt(EndpointRow::number)
        .findFirst();
  }

  @Override
  public String name(int number) {
    return registry.find(number).map(row -> row.name().name()).orElse(ERASED);
  }

  @Override
  public Optional<EndpointStatus> enable(AuditEntry entry, String name) {
    Optional<Destination> found = declared(entry.tenant(), name);
    found
        .map(each -> registry.row(each.number()))
        .filter(row -> row.health().state() != EndpointState.HEALTHY)
        .ifPresent(row -> enabler.accept(row, entry));
    return found.map(this::status);
  }

  private Stream<Destination> declared(String tenant) {
    Snapshot snapshot = snapshots.get();
    return snapshot == null
        ? Stream.empty()
        : snapshot.destinations().stream().filter(each -> each.config().tenant().equals(tenant));
  }

  private Optional<Destination> declared(String tenant, String name) {
    return declared(tenant).filter(each -> each.config().name().name().equals(name)).findFirst();
  }

  /** What its resource's status shows of an endpoint; quick, in memory. */
  EndpointTransitions.Shown shown(Destination destination) {
    EndpointRow row = registry.row(destination.number());
    long dead = log.counts(destination.number()).deadLetters();
    OutcomeClass lastError = row.health().lastError();
    EndpointStatus.State state = state(destination, row.health());
    boolean known = dead > 0 || lastError != null || registry.lastSuccess(row.number()) != null;
    return new EndpointTransitions.Shown(
        state == EndpointStatus.State.HEALTHY && !known ? EndpointStatus.State.UNKNOWN : state,
        lastError == null ? null : lastError.wire(),
        EndpointTransitions.bucket(dead));
  }

  EndpointStatus status(Destination destination) {
    EndpointConfig config = destination.config();
    EndpointRow row = registry.row(destination.number());
    DeliveryLog.Counts counts = log.counts(destination.number());
    EndpointStatus.State state = state(destination, row.health());
    ResourceName name = config.name();
    return new EndpointStatus(
        name.name(),
        config.tenant(),
        host(config),
        state,
        since(state, row),
        nextStep(state, destination, row, counts),
        counts.waiting(),
        counts.deadLetters(),
        registry.lastSuccess(destination.number()),
        List.of());
  }

  /** How much waits for an endpoint, without {@code ending} deliveries that end now. */
  long waiting(EndpointRow row, int ending) {
    return counts(row.number(), ending).waiting();
  }

  /** The sentence about an endpoint once {@code ending} of its deliveries are given up. */
  String nextStep(Destination destination, EndpointRow row, int ending) {
    EndpointStatus.State state = state(destination, row.health());
    return nextStep(state, destination, row, counts(row.number(), ending));
  }

  private DeliveryLog.Counts counts(int number, int ending) {
    DeliveryLog.Counts now = log.counts(number);
    return new DeliveryLog.Counts(Math.max(0, now.waiting() - ending), now.deadLetters() + ending);
  }

  /** A hold has a beginning of its own; the health behind it goes on afterwards. */
  private static Instant since(EndpointStatus.State state, EndpointRow row) {
    OptionalLong hold = row.holds().since();
    return HELD_BACK.contains(state) && hold.isPresent()
        ? Instant.ofEpochMilli(hold.getAsLong())
        : row.health().since();
  }

  private EndpointStatus.State state(Destination destination, EndpointRow.Health health) {
    if (destination.config().suspended()) {
      return EndpointStatus.State.SUSPENDED;
    }
    if (held.get() != null || !destination.signableAt(clock.instant())) {
      return EndpointStatus.State.PAUSED;
    }
    return switch (health.state()) {
      case HEALTHY -> EndpointStatus.State.HEALTHY;
      case FAILING -> EndpointStatus.State.FAILING;
      case DISABLED -> EndpointStatus.State.DISABLED;
    };
  }

  private String nextStep(
      EndpointStatus.State state,
      Destination destination,
      EndpointRow row,
      DeliveryLog.Counts counts) {
    long waiting = counts.waiting();
    Optional<FormerKey> former = former(destination, row.number());
    if (former.isPresent() && FORMER_KEY_MATTERS.contains(state)) {
      return NextStep.formerKey(former.get().keyId(), former.get().end(), waiting);
    }
    return switch (state) {
      case SUSPENDED -> NextStep.suspended(waiting);
      case PAUSED -> {
        Instant stale = held.get();
        yield stale == null
            ? NextStep.paused(successor(destination), waiting)
            : NextStep.stale(stale, waiting);
      }
      case HEALTHY ->
          registry
              .unsendable(row.number())
              .map(reason -> NextStep.unsendable(reason, waiting))
              .orElseGet(() -> NextStep.healthy(row.health(), waiting, counts.deadLetters()));
      case FAILING, DISABLED, UNKNOWN -> NextStep.of(row.health(), waiting);
    };
  }

  /** The key that waits to be acknowledged. */
  private @Nullable String successor(Destination destination) {
    Snapshot snapshot = snapshots.get();
    return snapshot == null
        ? null
        : snapshot.keysOf(destination.config()).stream()
            .flatMap(keys -> keys.keyring().versions().stream())
            .filter(version -> version.times().equals(KeyTimes.AWAITED))
            .map(KeyVersion::keyId)
            .findFirst()
            .orElse(null);
  }

  /** A key that has ended, whose receiver may not know. */
  private record FormerKey(String keyId, Instant end) {}

  /** The key that ended less than a day before the receiver began to refuse. */
  private Optional<FormerKey> former(Destination destination, int number) {
    Snapshot snapshot = snapshots.get();
    Optional<Instant> refused = registry.refused(number);
    if (snapshot == null || refused.isEmpty()) {
      return Optional.empty();
    }
    Instant earliest = refused.get().minus(A_DAY);
    return snapshot.keysOf(destination.config()).stream()
        .flatMap(keys -> keys.keyring().versions().stream())
        .filter(version -> version.times().revokedTime() == null)
        .flatMap(version ->
            Stream.ofNullable(version.times().expiresTime())
                .map(end -> new FormerKey(version.keyId(), end)))
        .filter(each -> each.end().isAfter(earliest) && !each.end().isAfter(refused.get()))
        .max(Comparator.comparing(FormerKey::end));
  }

  private static @Nullable String host(EndpointConfig config) {
    try {
      return URI.create(config.target().url()).getHost();
    } catch (IllegalArgumentException unreadable) {
      return null;
    }
  }
}
