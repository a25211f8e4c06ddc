package dev.posthorn.operator.reconcile;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** When to look at an object again though nothing wakes it. Pure. */
final class Again {
  /** At the latest, so that a clock that was set wrong does not matter for long. */
  private static final Duration LONGEST = Duration.ofHours(1);

  /** Not sooner: what was just decided has to settle. */
  private static final Duration SHORTEST = Duration.ofMillis(100);

  /** Something may be there that no watch shows: a Secret without the label. */
  static final Duration UNSEEN = Duration.ofSeconds(60);

  /** Somebody else wrote at the same time. */
  private static final Duration CONFLICT = Duration.ofMillis(200);

  private Again() {}

  /** The time until the earliest of {@code times}; those that are null do not count. */
  static Duration until(Instant now, @Nullable Instant... times) {
    Duration earliest =
        Stream.of(times)
            .filter(Objects::nonNull)
            .map(time -> Duration.between(now, time))
            .min(Duration::compareTo)
            .orElse(LONGEST);
    if (earliest.compareTo(SHORTEST) < 0) {
      return SHORTEST;
    }
    return earliest.compareTo(LONGEST) > 0 ? LONGEST : earliest;
  }

  /** Runs, and looks again soon where somebody else wrote at the same time. */
  static <P extends HasMetadata> UpdateControl<P> onConflict(Supplier<UpdateControl<P>> run) {
    try {
      return run.get();
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        return after(CONFLICT);
      }
      throw e;
    }
  }

  /** Nothing is left to write; look again after {@code delay}. */
  static <P extends HasMetadata> UpdateControl<P> after(Duration delay) {
    return UpdateControl.<P>noUpdate().rescheduleAfter(delay);
  }
}
