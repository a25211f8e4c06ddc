package dev.posthorn.dispatcher.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.config.StreamConfig;
import dev.posthorn.core.egress.AllowedCidr;
import dev.posthorn.core.egress.AllowedHost;
import dev.posthorn.core.egress.EgressGuard;
import dev.posthorn.core.egress.EgressPolicy;
import dev.posthorn.core.event.PublishedEvent;
import dev.posthorn.core.expression.Expressions;
import dev.posthorn.dispatcher.accept.Acceptance;
import dev.posthorn.dispatcher.store.RejectedRecord;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.params.XReadGroupParams;
import redis.embedded.RedisServer;

/** Against a real Redis server. */
class StreamsTest {
  private static final ResourceName NAME = new ResourceName("default", "orders");
  private static final EgressGuard CLOSED = new EgressGuard(EgressPolicy.DEFAULT);
  private static final EgressGuard OPEN =
      new EgressGuard(
          EgressPolicy.DEFAULT.withAllowCidrs(List.of(AllowedCidr.parse("127.0.0.0/8"))));
  private static final Duration LONG = Duration.ofSeconds(30);

  private final List<PublishedEvent> accepted = new CopyOnWriteArrayList<>();
  private final List<RejectedRecord> rejected = new CopyOnWriteArrayList<>();
  private final AtomicBoolean storeAway = new AtomicBoolean();
  private final AtomicInteger refusals = new AtomicInteger();
  private final AtomicReference<@Nullable String> erasing = new AtomicReference<>();
  private final AtomicReference<@Nullable String> full = new AtomicReference<>();
  private final Streams streams =
      new Streams(
          "consumer-1",
          new Expressions(System::nanoTime),
          this::accept,
          this::reject,
          () -> 262_144,
          new SimpleMeterRegistry(),
          InstantSource.system());
  private RedisServer server;
  private int port;

  @BeforeEach
  void startServer() throws IOException {
    try (var free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    server = new RedisServer(port);
    server.start();
  }

  @AfterEach
  void stopServer() throws IOException {
    streams.close();
    server.stop();
  }

  @Test
  void readsFromTheBeginningWhenAskedAndAcknowledgesAfterStoring() {
    add(250);
    streams.apply(List.of(stream(StreamConfig.StartFrom.BEGINNING)), OPEN, false);
    await().atMost(LONG).until(() -> accepted.size() == 250);
    await().atMost(LONG).until(() -> pending() == 0);
    assertThat(accepted).extracting(PublishedEvent::id).doesNotHaveDuplicates();
  }

  @Test
  void acknowledgesNothingWhileTheStoreIsAway() {
    storeAway.set(true);
    streams.apply(List.of(stream(StreamConfig.StartFrom.BEGINNING)), OPEN, false);
    add(10);
    await().atMost(LONG).until(() -> pending() > 0);
    assertThat(accepted).isEmpty();
    storeAway.set(false);
    await().atMost(LONG).until(() -> accepted.size() == 10 && pending() == 0);
  }

  @Test
  void entriesOfATenantThatIsErasedWaitAndThoseOfOthersGoOn() {
    erasing.set("acme");
    streams.apply(List.of(stream(StreamConfig.StartFrom.BEGINNING)), OPEN, false);
    for (int i = 0; i < 5; i++) {
      add("acme", 30);
      add("globex", 10);
    }
    await().atMost(LONG).until(() -> accepted.size() == 50 && pending() == 150);
    assertThat(accepted).extracting(PublishedEvent::tenant).containsOnly("globex");
    erasing.set(null);
    await().atMost(LONG).until(() -> accepted.size() == 200 && pending() == 0);
    assertThat(accepted).extracting(PublishedEvent::id).doesNotHaveDuplicates();
    assertThat(rejected).isEmpty();
  }

  @Test
  void recordsOfATenantThatIsFullAreRejectedWithoutPayloadAndThoseOfOthersGoOn() {
    full.set("acme");
    streams.apply(List.of(stream(StreamConfig.StartFrom.BEGINNING)), OPEN, false);
    for (int i = 0; i < 5; i++) {
      add("acme", 3);
      add("globex", 10);
    }
    await().atMost(LONG).until(() -> accepted.size() == 50 && pending() == 0);
    assertThat(accepted).extracting(PublishedEvent::tenant).containsOnly("globex");
    assertThat(rejected).hasSize(15).extracting(RejectedRecord::position).doesNotHaveDuplicates();
    assertThat(rejected)
        .allMatch(record -> record.reason().equals("quota"))
        .allMatch(record -> record.message().equals("acme is full"))
        .allMatch(record -> record.payload().length == 0);
    full.set(null);
    add("acme", 3);
    await().atMost(LONG).until(() -> accepted.size() == 53 && pending() == 0);
  }

  @Test
  void aStreamOfATenantThatIsFullWaitsUntilThereIsRoom() {
    full.set("acme");
    add("anybody", 20);
    streams.apply(List.of(ownedBy("acme")), OPEN, false);
    await().atMost(LONG).until(() -> refusals.get() > 0 && pending() == 20);
    assertThat(accepted).isEmpty();
    full.set(null);
    await().atMost(LONG).until(() -> accepted.size() == 20 && pending() == 0);
    assertThat(rejected).isEmpty();
  }

  @Test
  void takesUpWhatItsEarlierLifeNeverAcknowledged() {
    add(5);
    try (var jedis = new Jedis("127.0.0.1", port)) {
      jedis.xgroupCreate("orders", "group", new StreamEntryID(0, 0), true);
      jedis.xreadGroup(
          "group",
          "consumer-1",
          XReadGroupParams.xReadGroupParams().count(5),
          Map.of("orders", StreamEntryID.XREADGROUP_UNDELIVERED_ENTRY));
    }
    streams.apply(List.of(stream(StreamConfig.StartFrom.END)), OPEN, false);
    await().atMost(LONG).until(() -> accepted.size() == 5 && pending() == 0);
  }

  @Test
  void aPoisonRecordIsRejectedAndDoesNotBlock() {
    streams.apply(List.of(stream(StreamConfig.StartFrom.BEGINNING)), OPEN, false);
    try (var jedis = new Jedis("127.0.0.1", port)) {
      jedis.xadd("orders", StreamEntryID.NEW_ENTRY, Map.of("event", "not json"));
    }
    add(1);
    await().atMost(LONG).until(() -> accepted.size() == 1 && pending() == 0);
    assertThat(rejected).singleElement().matches(record -> record.reason().equals("unreadable"));
  }

  @Test
  void goesOnByItselfAfterTheServerWasAway() throws IOException {
    streams.apply(List.of(stream(StreamConfig.StartFrom.END)), OPEN, false);
    await().atMost(LONG).until(() -> streams.states().get(NAME) == StreamState.CONNECTED);
    server.stop();
    await().atMost(LONG).until(() -> streams.states().get(NAME) == StreamState.UNREACHABLE);
    server = new RedisServer(port);
    server.start();
    add(3);
    await().atMost(LONG).until(() -> accepted.size() == 3);
    assertThat(streams.states()).containsEntry(NAME, StreamState.CONNECTED);
  }

  @Test
  void aTenantsServerIsReadOnlyWhereTheGuardAllowsIt() {
    add(2);
    streams.apply(List.of(guarded("127.0.0.1:" + port)), CLOSED, false);
    await().atMost(LONG).until(() -> streams.states().get(NAME) == StreamState.UNREACHABLE);
    assertThat(connections()).isZero();

    streams.apply(List.of(guarded("127.0.0.1:" + port)), OPEN, false);
    await().atMost(LONG).until(() -> accepted.size() == 2);

    streams.apply(List.of(guarded("127.0.0.1:" + port)), CLOSED, false);
    await().atMost(LONG).until(() -> streams.states().get(NAME) == StreamState.UNREACHABLE);
    await().atMost(LONG).until(() -> connections() == 0);
  }

  @Test
  void aNameThatIsOpenedForOthersIsNotDialled() {
    var opened = new AllowedHost("localhost", Set.of(port), Set.of("elsewhere"));
    var policy =
        new EgressPolicy(
            Set.of(443), false, List.of(), List.of(opened), List.of(), List.of(), "cluster.local");
    streams.apply(List.of(guarded("localhost:" + port)), new EgressGuard(policy), false);
    await().atMost(LONG).until(() -> streams.states().get(NAME) == StreamState.UNREACHABLE);
    assertThat(connections()).isZero();
  }

  /** Of the dispatcher; the one that asks does not count. */
  private long connections() {
    try (var jedis = new Jedis("127.0.0.1", port)) {
      return jedis.clientList().lines().filter(line -> line.contains("name=posthorn")).count();
    }
  }

  @Test
  void aSuspendedStreamIsNotRead() {
    StreamConfig stream = stream(StreamConfig.StartFrom.BEGINNING);
    streams.apply(List.of(stream), OPEN, false);
    streams.apply(List.of(stream.withSuspended(true)), OPEN, false);
    assertThat(streams.states()).isEmpty();
    streams.apply(List.of(stream), OPEN, true);
    assertThat(streams.states()).isEmpty();
  }

  private Acceptance accept(List<PublishedEvent> events, String source) {
    if (storeAway.get()) {
      return new Acceptance.Refused(Acceptance.Cause.STORE_UNAVAILABLE, "the disk is full", 1);
    }
    String erased = erasing.get();
    if (events.stream().anyMatch(event -> event.tenant().equals(erased))) {
      return new Acceptance.Erasing(String.valueOf(erased));
    }
    String over = full.get();
    if (events.stream().anyMatch(event -> event.tenant().equals(over))) {
      refusals.incrementAndGet();
      return new Acceptance.Full(String.valueOf(over), over + " is full", 1);
    }
    accepted.addAll(events);
    return new Acceptance.Durable(new ArrayList<>());
  }

  private CompletableFuture<Void> reject(StreamConfig from, RejectedRecord record) {
    assertThat(from.name()).isEqualTo(NAME);
    rejected.add(record);
    return CompletableFuture.completedFuture(null);
  }

  private void add(int count) {
    add("acme", count);
  }

  private void add(String tenant, int count) {
    try (var jedis = new Jedis("127.0.0.1", port)) {
      for (int i = 0; i < count; i++) {
        String json =
            "{\"tenant\":\"%s\",\"type\":\"order.created\",\"data\":%d}".formatted(tenant, i);
        jedis.xadd("orders", StreamEntryID.NEW_ENTRY, Map.of("event", json));
      }
    }
  }

  private long pending() {
    try (var jedis = new Jedis("127.0.0.1", port)) {
      return jedis.xpending("orders", "group").getTotal();
    }
  }

  private StreamConfig stream(StreamConfig.StartFrom from) {
    return stream("127.0.0.1:" + port, false, from);
  }

  private static StreamConfig guarded(String address) {
    return stream(address, true, StreamConfig.StartFrom.BEGINNING);
  }

  private StreamConfig ownedBy(String tenant) {
    return stream(tenant, "127.0.0.1:" + port, false, StreamConfig.StartFrom.BEGINNING);
  }

  private static StreamConfig stream(String address, boolean guarded, StreamConfig.StartFrom from) {
    return stream(null, address, guarded, from);
  }

  private static StreamConfig stream(
      @Nullable String tenant, String address, boolean guarded, StreamConfig.StartFrom from) {
    return new StreamConfig(
        NAME,
        false,
        tenant,
        guarded,
        new StreamConfig.Redis(address, false, null, "orders", "group", from),
        StreamConfig.Format.JSON,
        null,
        null);
  }
}
