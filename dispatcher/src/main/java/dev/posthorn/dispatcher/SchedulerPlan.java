package dev.posthorn.dispatcher;

import dev.posthorn.core.config.EndpointConfig;
import dev.posthorn.core.config.Limits;
import dev.posthorn.dispatcher.lane.EndpointPlan;
import dev.posthorn.dispatcher.lane.EndpointPlan.Hold;
import dev.posthorn.dispatcher.lane.Plan;
import dev.posthorn.dispatcher.lane.TenantPlan;
import dev.posthorn.dispatcher.snapshot.Destination;
import dev.posthorn.dispatcher.snapshot.Snapshot;
import dev.posthorn.dispatcher.store.EndpointRow;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** A snapshot as the scheduler sees it. */
final class SchedulerPlan {
  private SchedulerPlan() {}

  /**
   * Makes the plan.
   *
   * @param rows the stored row of an endpoint, by its number
   * @param held whether the snapshot may be too old to send by
   * @param now whether keys can sign is judged at this time
   */
  static Plan of(Snapshot snapshot, IntFunction<EndpointRow> rows, boolean held, Instant now) {
    Limits limits = snapshot.settings().limits();
    Map<String, TenantPlan> tenants = new HashMap<>();
    limits.tenants().forEach((tenant, share) -> tenants.put(tenant, tenant(share)));
    return new Plan(
        snapshot.destinations().stream()
            .map(each -> endpoint(each, rows.apply(each.number()), hold(each, held, now)))
            .toList(),
        tenants,
        tenant(limits.tenantDefault()),
        limits.maxConcurrency(),
        snapshot.settings().suspended());
  }

  private static TenantPlan tenant(Limits.Tenant share) {
    return new TenantPlan(share.weight(), share.maxConcurrency());
  }

  private static EndpointPlan endpoint(Destination destination, EndpointRow row, Hold hold) {
    EndpointConfig config = destination.config();
    Long afterFailing = config.autoDisable().afterFailingSeconds();
    Instant wish = config.autoDisable().ignoreFailuresBefore();
    return new EndpointPlan(
        row,
        hold,
        config.delivery().maxConcurrency(),
        config.retry().delaySeconds().stream().map(seconds -> seconds * 1_000).toList(),
        config.retry().maxAgeSeconds() * 1_000,
        afterFailing == null ? 0 : afterFailing * 1_000,
        wish == null ? null : wish.toEpochMilli(),
        config.delivery().ordering() == EndpointConfig.Ordering.ENDPOINT,
        config.delivery().timeoutSeconds() * 1_000L,
        rate(config.delivery().rate()));
  }

  private static EndpointPlan.@Nullable Rate rate(EndpointConfig.@Nullable Rate rate) {
    return rate == null ? null : new EndpointPlan.Rate(rate.requests(), rate.perSeconds() * 1_000L);
  }

  private static Hold hold(Destination destination, boolean held, Instant now) {
    if (destination.config().suspended()) {
      return Hold.SUSPENDED;
    }
    if (held) {
      return Hold.STALE;
    }
    return destination.signableAt(now) ? Hold.NONE : Hold.PAUSED;
  }
}
