package dev.posthorn.dispatcher;

import dev.posthorn.dispatcher.http.HttpServer;
import dev.posthorn.dispatcher.http.Listen;
import dev.posthorn.dispatcher.http.Management;
import dev.posthorn.dispatcher.http.Readiness.NotReady;
import dev.posthorn.dispatcher.http.ServerLimits;
import dev.posthorn.dispatcher.store.DeliveryStore;
import dev.posthorn.dispatcher.store.StoreUnavailableException;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of a pod before its database can be used: it lives, is not ready, says why, and tries
 * again, since what is wrong may be mended elsewhere.
 */
public final class StoreWait {
  private static final Logger LOG = LoggerFactory.getLogger(StoreWait.class);

  private static final Duration PAUSE = Duration.ofSeconds(2);

  private final StoreOptions store;
  private final Path data;
  private volatile @Nullable String problem;

  private StoreWait(StoreOptions store, Path data) {
    this.store = store;
    this.data = data;
  }

  /** Waits a while; whoever stops the process ends that. */
  @FunctionalInterface
  public interface Pause {
    /** Returns whether the process is asked to stop. */
    boolean stopped(Duration limit) throws InterruptedException;
  }

  /**
   * Returns when the store can be opened, or when it makes no sense to wait: the embedded store is
   * mended by nobody else. The store is closed again.
   *
   * @param management where health is asked for meanwhile; free again afterwards
   * @return false where the process is asked to stop
   */
  public static boolean until(StoreOptions store, Path data, Listen management, Pause pause)
      throws InterruptedException {
    if (store instanceof StoreOptions.Sqlite) {
      return true;
    }
    return new StoreWait(store, data).until(management, pause);
  }

  private boolean until(Listen management, Pause pause) throws InterruptedException {
    var meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    HttpServer.Start start =
        HttpServer.start(
            "management",
            management,
            ServerLimits.DEFAULT,
            Management.router(() -> List.of(missing()), meters),
            meters,
            new SplittableRandom());
    if (!(start instanceof HttpServer.Start.Listening(HttpServer server))) {
      return true; // the start says so too
    }
    try {
      for (String why = tried(); why != null; why = tried()) {
        tell(why);
        if (pause.stopped(PAUSE)) {
          return false;
        }
      }
      return true;
    } finally {
      server.stop();
    }
  }

  /** Not the store's fault until it was tried. */
  private NotReady missing() {
    String why = problem;
    return why == null
        ? new NotReady("config", "the store is opened before the first configuration is read")
        : new NotReady("store", why);
  }

  private void tell(String why) {
    if (!why.equals(problem)) {
      LOG.atWarn().log("Waiting for the store: {}", why);
    }
    problem = why;
  }

  /** Null where it can be used. */
  private @Nullable String tried() {
    try (DeliveryStore _ = store.open(data, Role.GATEWAY)) { // which takes nothing from anybody
      return null;
    } catch (IllegalArgumentException | StoreUnavailableException unusable) {
      return String.valueOf(unusable.getMessage());
    }
  }
}
