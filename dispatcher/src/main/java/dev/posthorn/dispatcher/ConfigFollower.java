package dev.posthorn.dispatcher;

import dev.posthorn.core.config.Configuration;
import dev.posthorn.core.config.DispatcherSettings;
import dev.posthorn.crds.Reason;
import dev.posthorn.dispatcher.api.OperatorView;
import dev.posthorn.dispatcher.http.OperatorCallers;
import dev.posthorn.dispatcher.snapshot.ConfigWatch;
import dev.posthorn.dispatcher.snapshot.Staleness;
import dev.posthorn.dispatcher.source.StreamState;
import dev.posthorn.dispatcher.store.StoreUnavailableException;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings what the watch of the config objects tells to the dispatcher, and tells the operator. */
final class ConfigFollower implements ConfigWatch.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(ConfigFollower.class);

  private final OperatorCallers operator;
  private final InstantSource clock;
  private @Nullable Dispatcher dispatcher;
  private volatile @Nullable ConfigWatch watch;
  private volatile @Nullable DispatcherSettings settings;
  private Staleness.Verdict verdict = Staleness.Verdict.FRESH;

  ConfigFollower(OperatorCallers operator, InstantSource clock) {
    this.operator = operator;
    this.clock = clock;
  }

  /** Made before these, which ask it; the watch's thread begins afterwards. */
  void follow(Dispatcher running, ConfigWatch watching) {
    dispatcher = running;
    watch = watching;
    ConfigMeters.register(running.meters(), watching, clock);
  }

  DispatcherSettings.@Nullable Tenancy tenancy() {
    DispatcherSettings present = settings;
    return present == null ? null : present.tenancy();
  }

  @Override
  public boolean configured(Configuration configuration, @Nullable String operatorToken) {
    operator.expect(operatorToken);
    settings = configuration.settings();
    try {
      running().apply(configuration);
      return true;
    } catch (StoreUnavailableException | CompletionException e) {
      boolean store =
          e instanceof StoreUnavailableException
              || e.getCause() instanceof StoreUnavailableException;
      if (!store) {
        throw e;
      }
      LOG.atWarn()
          .log("The store takes no new endpoint, so the configuration waits: free disk space.");
      return false;
    }
  }

  @Override
  public void looked(Staleness staleness) {
    DispatcherSettings present = settings;
    if (present == null) {
      return; // nothing is sent before the first configuration
    }
    Staleness.Verdict next = staleness.at(clock.instant(), present.staleConfig());
    if (next != verdict) {
      verdict = next;
      running().hold(next == Staleness.Verdict.HELD ? staleness.lastLive() : null);
      tell(next, staleness);
    }
  }

  private static void tell(Staleness.Verdict verdict, Staleness staleness) {
    var line = verdict == Staleness.Verdict.FRESH ? LOG.atInfo() : LOG.atWarn();
    line.addKeyValue("lastLive", staleness.lastLive())
        .log(
            switch (verdict) {
              case FRESH -> "Config objects are watched again; everything is sent.";
              case AGED ->
                  "Config objects are not watched, so changes do not arrive: is the API server"
                      + " reachable from here?";
              case HELD ->
                  "Sending is held, since a revocation may have been missed; accepting goes on."
                      + " Make the API server reachable, or set spec.staleConfig.";
            });
  }

  private Dispatcher running() {
    Dispatcher present = dispatcher;
    if (present == null) {
      throw new IllegalStateException("the watch began before the dispatcher");
    }
    return present;
  }

  OperatorView.ConfigSeen seen() {
    ConfigWatch present = watch;
    if (present == null) {
      return new OperatorView.ConfigSeen(null, false, 0, List.of(), List.of(), List.of());
    }
    Staleness staleness = present.staleness();
    ConfigWatch.Progress progress = present.progress();
    return new OperatorView.ConfigSeen(
        progress.version(),
        staleness.live(),
        staleness.age(clock.instant()).toSeconds(),
        progress.rejected().stream()
            .map(each -> new OperatorView.Rejected(each.object(), each.error()))
            .toList(),
        running().denials().stream()
            .map(each -> new OperatorView.Denial(each.keyringId(), each.keyId(), each.time()))
            .toList(),
        running().streams().entrySet().stream()
            .map(each ->
                new OperatorView.StreamHealth(
                    each.getKey().namespace(), each.getKey().name(), reason(each.getValue())))
            .toList());
  }

  private static String reason(StreamState state) {
    return switch (state) {
      case CONNECTING -> Reason.Connecting.name();
      case CONNECTED -> Reason.Connected.name();
      case AUTHENTICATION_FAILED -> Reason.AuthenticationFailed.name();
      case UNREACHABLE -> Reason.Unreachable.name();
    };
  }
}
