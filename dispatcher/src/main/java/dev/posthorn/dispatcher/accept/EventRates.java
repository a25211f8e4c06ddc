package dev.posthorn.dispatcher.accept;

import dev.posthorn.core.config.Limits;
import java.util.HashMap;
import java.util.Map;

/**
 * How many events each tenant may publish: a token bucket a tenant that has a limit, as large as a
 * second. Who publishes more at once than a bucket holds waits until it is full, and pays the rest
 * afterwards. Thread-safe; the time is passed in, epoch milliseconds.
 */
final class EventRates {
  /** Seconds that what cannot be refused may be in debt: not longer is a tenant kept out. */
  private static final int MOST_DEBT_SECONDS = 10;

  /** Above so many buckets the full ones are forgotten. */
  private static final int BUCKETS = 10_000;

  private record Bucket(double tokens, long at) {
    double at(long now, int perSecond) {
      return Math.min(perSecond, tokens + Math.max(0, now - at) * perSecond / 1_000.0);
    }
  }

  private final Map<String, Bucket> buckets = new HashMap<>(); // guarded by this

  /**
   * Counts the events of a publish if all of its tenants may publish them now.
   *
   * @param events how many of each tenant
   * @return 0 if they may; else the seconds after which to try again, and nothing was counted
   */
  synchronized int admit(Map<String, Integer> events, Limits limits, long now) {
    long wait = 0;
    for (Map.Entry<String, Integer> each : events.entrySet()) {
      Integer perSecond = limits.of(each.getKey()).eventsPerSecond();
      if (perSecond != null) {
        double wanted =
            Math.min(each.getValue(), perSecond) - tokens(each.getKey(), perSecond, now);
        wait = Math.max(wait, (long) Math.ceil(wanted / perSecond));
      }
    }
    if (wait == 0) {
      count(events, limits, now);
    }
    return (int) wait;
  }

  /** Counts events that come in whatever the rate: records of a stream that others share. */
  synchronized void count(Map<String, Integer> events, Limits limits, long now) {
    events.forEach((tenant, count) -> {
      Integer perSecond = limits.of(tenant).eventsPerSecond();
      if (perSecond != null) {
        double left = tokens(tenant, perSecond, now) - count;
        double floor = -1.0 * MOST_DEBT_SECONDS * perSecond;
        buckets.put(tenant, new Bucket(Math.max(floor, left), now));
      }
    });
    if (buckets.size() > BUCKETS) {
      buckets.entrySet().removeIf(each -> full(each.getKey(), each.getValue(), limits, now));
    }
  }

  private double tokens(String tenant, int perSecond, long now) {
    Bucket bucket = buckets.get(tenant);
    return bucket == null ? perSecond : bucket.at(now, perSecond);
  }

  private static boolean full(String tenant, Bucket bucket, Limits limits, long now) {
    Integer perSecond = limits.of(tenant).eventsPerSecond();
    return perSecond == null || bucket.at(now, perSecond) >= perSecond;
  }
}
