package dev.posthorn.dispatcher.source;

import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.config.StreamConfig;
import dev.posthorn.core.egress.EgressGuard;
import dev.posthorn.core.expression.Expressions;
import dev.posthorn.dispatcher.accept.Acceptor;
import dev.posthorn.dispatcher.store.RejectedRecord;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.IntSupplier;

/** The readers of all streams, started and stopped as the configuration says. */
public final class Streams implements AutoCloseable {
  private final Expressions expressions;
  private final StreamReader.Parts parts;
  private final Map<ResourceName, StreamReader> readers = new ConcurrentHashMap<>();

  /**
   * Creates no reader yet.
   *
   * @param consumer this process's name in consumer groups, the same in its next life
   * @param reject keeps a record that is no event
   * @param maxPayloadBytes the largest data of one event, as configured now
   */
  public Streams(
      String consumer,
      Expressions expressions,
      Acceptor acceptor,
      BiFunction<StreamConfig, RejectedRecord, CompletableFuture<Void>> reject,
      IntSupplier maxPayloadBytes,
      MeterRegistry meters,
      InstantSource clock) {
    this.expressions = expressions;
    this.parts =
        new StreamReader.Parts(
            consumer, acceptor, reject, maxPayloadBytes, new SourceMeters(meters), clock);
    for (StreamState state : StreamState.values()) {
      Gauge.builder("posthorn.streams", () -> count(state))
          .description("Streams by state")
          .tag("state", state.name().toLowerCase(Locale.ROOT))
          .register(meters);
    }
  }

  private long count(StreamState state) {
    return readers.values().stream().filter(reader -> reader.state() == state).count();
  }

  /**
   * Reads these streams and no others; one that did not change goes on undisturbed.
   *
   * @param guard judges the brokers of guarded streams; where its policy differs from the former
   *     one, these are connected anew
   */
  public synchronized void apply(
      Collection<StreamConfig> streams, EgressGuard guard, boolean suspended) {
    var wanted = new HashMap<ResourceName, StreamConfig>();
    streams.stream()
        .filter(stream -> !suspended && !stream.suspended())
        .forEach(stream -> wanted.put(stream.name(), stream));
    readers.values().stream()
        .filter(reader -> !reader.serves(wanted.get(reader.config().name()), guard))
        .toList()
        .forEach(this::stop);
    wanted.values().stream()
        .filter(stream -> !readers.containsKey(stream.name()))
        .forEach(stream -> start(stream, guard));
  }

  private void start(StreamConfig stream, EgressGuard guard) {
    var reader =
        new StreamReader(
            stream, stream.guarded() ? guard : null, new EntryReader(stream, expressions), parts);
    readers.put(stream.name(), reader);
    reader.start();
  }

  private void stop(StreamReader reader) {
    readers.remove(reader.config().name());
    reader.close();
  }

  /** The state of each stream. */
  public Map<ResourceName, StreamState> states() {
    var states = new TreeMap<ResourceName, StreamState>();
    readers.forEach((name, reader) -> states.put(name, reader.state()));
    return states;
  }

  /** Stops all. */
  @Override
  public synchronized void close() {
    readers.values().stream().toList().forEach(this::stop);
  }
}
