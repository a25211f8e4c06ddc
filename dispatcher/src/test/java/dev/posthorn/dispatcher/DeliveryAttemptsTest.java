package dev.posthorn.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.core.config.Configuration;
import dev.posthorn.core.config.DispatcherSettings;
import dev.posthorn.core.config.EndpointConfig;
import dev.posthorn.core.config.OutcomeClass;
import dev.posthorn.core.event.Event;
import dev.posthorn.core.event.EventData;
import dev.posthorn.core.event.EventId;
import dev.posthorn.core.event.PublishedEvent;
import dev.posthorn.core.expression.Expressions;
import dev.posthorn.core.signing.BuiltInSchemes;
import dev.posthorn.dispatcher.lane.Message;
import dev.posthorn.dispatcher.send.Exchange;
import dev.posthorn.dispatcher.send.OutboundRequest;
import dev.posthorn.dispatcher.send.Preparation;
import dev.posthorn.dispatcher.send.Transport;
import dev.posthorn.dispatcher.snapshot.Snapshot;
import dev.posthorn.dispatcher.snapshot.SnapshotCompiler;
import dev.posthorn.dispatcher.store.DeliveryKey;
import dev.posthorn.dispatcher.store.DeliveryLog;
import dev.posthorn.dispatcher.store.StoreUnavailableException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class DeliveryAttemptsTest {
  private static final Instant NOW = Instant.parse("2026-11-29T10:00:00Z");
  private static final DeliveryKey DELIVERY = new DeliveryKey(1, 7);

  private final EventCache cache = new EventCache(1 << 20);
  private final List<Duration> pauses = new ArrayList<>();

  @Test
  void aTryWhoseEventCannotBeReadNeverWas() {
    Message.Result result = attempts("load").attempt(DELIVERY, 1);
    assertNeverWas(result);
  }

  @Test
  void aTryWhoseFrozenBodyCannotBeReadNeverWas() {
    cache.put(DELIVERY.seq(), event(), 1);
    Message.Result result = attempts("frozenBody").attempt(DELIVERY, 2);
    assertNeverWas(result);
  }

  /** A defect of ours is a failure that counts, so that somebody looks at it. */
  @Test
  void whatNobodyForesawFailsTheDelivery() {
    Message.Result result = attempts("none").attempt(DELIVERY, 1);
    assertThat(result.outcome()).isEqualTo(OutcomeClass.PAYLOAD_ERROR);
    assertThat(pauses).isEmpty();
  }

  private void assertNeverWas(Message.Result result) {
    assertThat(result.outcome()).isEqualTo(OutcomeClass.SHUTDOWN);
    assertThat(result.error()).isNull();
    assertThat(pauses).as("so that the store is not asked without a break").hasSize(1);
    assertThat(pauses.getFirst()).isBetween(Duration.ofMillis(200), Duration.ofSeconds(5));
  }

  /** With a store that is away for one of its calls, and broken for all others. */
  private DeliveryAttempts attempts(String away) {
    return new DeliveryAttempts(
        DeliveryAttemptsTest::snapshot,
        cache,
        log(away),
        new Preparation("test"),
        new NoTransport(),
        () -> true,
        () -> {},
        () -> NOW,
        pauses::add);
  }

  private static DeliveryLog log(String away) {
    return (DeliveryLog)
        Proxy.newProxyInstance(
            DeliveryLog.class.getClassLoader(),
            new Class<?>[] {DeliveryLog.class},
            (_, method, _) -> {
              if (method.getName().equals(away)) {
                throw new StoreUnavailableException("the server is away", false, null);
              }
              throw new IllegalStateException(method.getName());
            });
  }

  private static Snapshot snapshot() {
    EndpointConfig endpoint = RunningDispatcher.signedBy("http://127.0.0.1:1/");
    var configuration =
        new Configuration(
            DispatcherSettings.DEFAULT,
            Map.of(endpoint.name(), endpoint),
            Map.of(),
            Map.of(),
            Map.of());
    return new SnapshotCompiler(new Expressions(System::nanoTime), BuiltInSchemes.load())
        .compile(configuration, Map.of(endpoint.name(), DELIVERY.endpoint()), null);
  }

  private static Event event() {
    return new Event(
        EventId.next(NOW, new Random(1)),
        NOW,
        PublishedEvent.of("acme", "order.created", EventData.none()));
  }

  private static final class NoTransport implements Transport {
    @Override
    public Exchange send(OutboundRequest request, BooleanSupplier maySend) {
      throw new AssertionError("nothing can be sent");
    }

    @Override
    public void close() {}
  }
}
