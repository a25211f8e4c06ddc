package dev.posthorn.dispatcher.store;

import static dev.posthorn.dispatcher.store.Samples.T0;
import static dev.posthorn.dispatcher.store.Samples.dead;
import static dev.posthorn.dispatcher.store.Samples.event;
import static dev.posthorn.dispatcher.store.Samples.failed;
import static dev.posthorn.dispatcher.store.Samples.register;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.posthorn.core.config.KeyDenial;
import dev.posthorn.dispatcher.store.Shared.FedEvent;
import dev.posthorn.dispatcher.store.Shared.Ownership;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several processes on one database: who has which lane, and who hears what. */
class PostgresLanesTest {
  private static final Duration LEASE = Duration.ofSeconds(2);

  private final PostgresProcess server = PostgresProcess.shared();
  private final String database = server.create();
  private final List<Node> nodes = new ArrayList<>();

  /** A process, as far as its store goes; what its rounds told is added up. */
  private final class Node {
    final PostgresDeliveryStore store;
    final List<FedEvent> fed = new ArrayList<>();
    final List<Shared> told = new ArrayList<>();
    Set<Integer> lanes = Set.of();

    Node(String name) {
      this(name, true);
    }

    Node(String name, boolean sends) {
      store =
          PostgresDeliveryStore.open(
              new PostgresDeliveryStore.Options(
                  server.url(database),
                  new SecretKeySpec(new byte[32], "AES"),
                  Lane::of,
                  name,
                  LEASE,
                  sends));
      nodes.add(this);
    }

    Round round() {
      Round round = store.round(List.of());
      told.add(round.shared());
      fed.addAll(round.shared().fed());
      Ownership ownership = round.shared().ownership();
      if (ownership != null) {
        lanes = ownership.lanes();
        if (ownership.release() != null) {
          write(new Write.Release(ownership.release()));
        }
      }
      return round;
    }

    Written write(Write write) {
      return store.write(List.of(write)).getFirst();
    }

    long accept(NewEvent event) {
      var accepts = (Written.Accepts) write(new Write.Accept(List.of(event)));
      return ((Accepted.Stored) accepts.answers().getFirst()).seq();
    }

    int endpoint(String tenant) {
      var wish = new Write.Register(register("a", tenant).name(), tenant, Lane.of(tenant));
      return ((Written.Registered) write(wish)).row().number();
    }

    List<Long> heard() {
      return fed.stream().map(FedEvent::seq).toList();
    }
  }

  private Node first;

  @BeforeEach
  void begin() {
    first = new Node("first-pod/1");
  }

  @AfterEach
  void end() {
    nodes.forEach(node -> node.store.close());
  }

  /** A tenant of one of these lanes. */
  private static String tenantOf(Set<Integer> lanes) {
    for (int i = 0; i < 10_000; i++) {
      if (lanes.contains(Lane.of("tenant-" + i))) {
        return "tenant-" + i;
      }
    }
    throw new AssertionError("no tenant for lanes " + lanes);
  }

  private Node secondWithHalf() {
    first.round();
    var second = new Node("second-pod/1");
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> {
          first.round();
          second.round();
          server.execute(database, "SELECT 1");
          return second.lanes.size() == 32 && first.lanes.size() == 32;
        });
    return second;
  }

  @Test
  void aProcessAloneHasAllLanesAndGivesThemBack() {
    assertThat(first.round().shared().ownership())
        .isNotNull()
        .satisfies(all -> assertThat(all.lanes()).hasSize(64));
    String mine =
        "SELECT count(*) FROM lane JOIN node ON node.id = lane.node WHERE name = 'first-pod/1'";
    assertThat(server.query(database, mine)).isEqualTo("64");
    first.store.close();
    assertThat(server.query(database, "SELECT count(*) FROM node")).isEqualTo("0");
    assertThat(server.query(database, "SELECT count(*) FROM lane WHERE node IS NULL"))
        .isEqualTo("64");
  }

  @Test
  void aSecondProcessGetsItsShareAndNoLaneHasTwoOwners() {
    Node second = secondWithHalf();
    var both = new TreeSet<>(first.lanes);
    assertThat(both.retainAll(second.lanes)).isTrue();
    assertThat(both).isEmpty();
  }

  @Test
  void aGatewayTakesNoLaneAndNobodyMakesRoomForIt() throws Exception {
    Node second = secondWithHalf();
    var gateway = new Node("gateway/1", false);
    String tenant = tenantOf(first.lanes);
    int endpoint = first.endpoint(tenant);
    gateway.round();
    long stored = gateway.accept(event(tenant, T0, endpoint));
    gateway.write(new Write.AskEnable(endpoint));
    for (int i = 0; i < 30; i++) { // longer than processes look at who has what
      nodes.forEach(Node::round);
      TimeUnit.MILLISECONDS.sleep(50);
    }
    assertThat(List.of(first.lanes.size(), second.lanes.size(), gateway.lanes.size()))
        .containsExactly(32, 32, 0);
    assertThat(gateway.store.keeps()).isFalse();
    assertThat(first.heard()).containsExactly(stored);
    assertThat(first.told).flatExtracting(Shared::enable).containsExactly(endpoint);
    assertThat(gateway.fed).isEmpty();
  }

  @Test
  void whatOneStoresTheOwnerHearsOnceAndNobodyElse() {
    Node second = secondWithHalf();
    String ofFirst = tenantOf(first.lanes);
    int endpoint = first.endpoint(ofFirst);
    var stored = new ArrayList<Long>();
    for (int i = 0; i < 5; i++) {
      stored.add(second.accept(event(ofFirst, T0, endpoint)));
      first.accept(event(ofFirst, T0, endpoint));
      first.round();
      second.round();
    }
    assertThat(first.heard()).isEqualTo(stored);
    assertThat(first.fed)
        .allMatch(each -> each.targets().equals(List.of(endpoint)))
        .allMatch(each -> each.acceptedMillis() == T0.toEpochMilli());
    assertThat(second.fed).isEmpty();
  }

  /** Its number is smaller than that of an event which was heard before. */
  @Test
  void whatIsCommittedLateIsNotMissed() throws Exception {
    Node second = secondWithHalf();
    String tenant = tenantOf(first.lanes);
    var third = new Node("third-pod/1");
    String id = server.query(database, "SELECT id FROM node WHERE name = 'second-pod/1'");
    try (Connection late = server.connect(database);
        var statement = late.createStatement()) {
      late.setAutoCommit(false);
      statement.execute("SELECT 1 FROM node WHERE id = " + id + " FOR KEY SHARE");
      statement.execute(
          "INSERT INTO event SELECT nextval('event_seq'), 'late', 1, 7, 't', '', '', "
              + Lane.of(tenant)
              + ", "
              + id);
      long early = third.accept(event(tenant, T0));
      first.round();
      assertThat(first.heard()).containsExactly(early);
      late.commit();
      first.round();
      assertThat(first.heard()).hasSize(2);
      assertThat(first.heard().getLast()).isLessThan(early);
    }
    assertThat(second.fed).isEmpty();
  }

  /** It was silent for too long: as when it is paused. */
  @Test
  void theLanesOfADeadProcessGoOverWithAllThatItStored() {
    Node second = secondWithHalf();
    String ofFirst = tenantOf(first.lanes);
    String ofSecond = tenantOf(second.lanes);
    int endpoint = first.endpoint(ofSecond);
    long unheard = second.accept(event(ofFirst, T0));
    long open = second.accept(event(ofSecond, T0, endpoint));
    server.execute(
        database,
        "CREATE RULE silent AS ON UPDATE TO node WHERE old.name = 'second-pod/1' DO INSTEAD NOTHING");
    long before = System.nanoTime();
    await()
        .atMost(LEASE.plusSeconds(5))
        .pollInterval(Duration.ofMillis(50))
        .until(() -> {
          first.round();
          return first.lanes.size() == 64;
        });
    assertThat(System.nanoTime() - before).isLessThan(LEASE.plusSeconds(5).toNanos());
    assertThat(first.heard()).containsExactly(unheard);
    Page page =
        first.store.pages(List.of(new PageRequest(endpoint, Side.FRESH, -1, -1, 0))).getFirst();
    assertThat(page.rows()).extracting(OpenDelivery::seq).containsExactly(open);
    assertThatThrownBy(() -> second.accept(event(ofSecond, T0)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("this one ends");
    assertThat(second.store.maySend()).isFalse();
    assertThat(first.store.maySend()).isTrue();
  }

  @Test
  void thePresentHealthOfEndpointsComesWithTheirLane() {
    String tenant = tenantOf(Set.of(63));
    int endpoint = first.endpoint(tenant);
    first.round();
    var failing = new EndpointRow.Health(EndpointState.FAILING, T0, null, 12, null, null, null);
    first.write(new Write.Health(endpoint, failing));
    Node second = secondWithHalf();
    assertThat(second.lanes).contains(63);
    assertThat(second.told.stream().map(Shared::ownership).filter(each -> each != null).toList())
        .flatExtracting(Ownership::gained)
        .anySatisfy(row -> {
          assertThat(row.number()).isEqualTo(endpoint);
          assertThat(row.health().state()).isEqualTo(EndpointState.FAILING);
        });
  }

  @Test
  void theOwnerIsAskedToEnableAndToReadAgainAndHearsItOnce() {
    Node second = secondWithHalf();
    String tenant = tenantOf(first.lanes);
    int endpoint = first.endpoint(tenant);
    var key = new DeliveryKey(endpoint, first.accept(event(tenant, T0, endpoint)));
    first.write(new Write.Record(dead(key, 1, T0), new Next.Dead()));
    second.write(new Write.AskEnable(endpoint));
    var audit = new AuditEntry(tenant, T0, "ops", "r-1", "events.redeliver", "Event/e", null);
    second.write(new Write.Replaying(new ReplayWrite.Redeliver(audit, key, T0)));
    first.write(new Write.AskEnable(endpoint));
    Shared told = first.round().shared();
    assertThat(told.enable()).containsExactly(endpoint);
    assertThat(told.reread()).containsExactly(endpoint);
    assertThat(first.round().shared().enable()).isEmpty();
    first.store.maintain(true);
    assertThat(server.query(database, "SELECT count(*) FROM command")).isEqualTo("0");
  }

  @Test
  void aKeyThatOneDeniesIsToldToAll() {
    Node second = secondWithHalf();
    var denial = new KeyDenial("kr_1", "k_1", java.time.Instant.ofEpochMilli(T0.toEpochMilli()));
    var audit = new AuditEntry("acme", T0, "ops", "r-1", "keys.revoke", "SigningSecret/s", null);
    second.write(new Write.Audit(audit, denial));
    assertThat(first.round().shared().denials()).containsExactly(denial);
    assertThat(first.round().shared().denials()).isEmpty();
  }

  /** It has the key in memory, and does not know of the erasure yet. */
  @Test
  void anEventThatAnotherProcessStoresUnderADestroyedKeyGoesToo() {
    Node second = secondWithHalf();
    String tenant = tenantOf(first.lanes);
    int endpoint = first.endpoint(tenant);
    second.accept(event(tenant, T0, endpoint));
    var entry = new AuditEntry(tenant, T0, "ops", "r-1", "tenant.erase", "Tenant/t", null);
    first.write(new Write.Erase(entry, List.of(), List.of()));
    second.accept(event(tenant, T0, endpoint));
    for (int i = 0; i < 10; i++) {
      assertThat(slice(first).completed()).isNull();
    }
    assertThat(requireNonNull(second.round().shared().erasing())).containsExactly(tenant);
    Written refused = second.write(new Write.Accept(List.of(event(tenant, T0, endpoint))));
    assertThat(refused).isInstanceOf(Written.Refused.class);
    await().until(() -> slice(first).completed() != null);
    assertThat(server.query(database, "SELECT count(*) FROM event")).isEqualTo("0");
    assertThat(requireNonNull(second.round().shared().erasing())).isEmpty();
    assertThat(second.accept(event(tenant, T0, endpoint))).isPositive();
    assertThat(second.store.log().events(tenant, new DeliveryLog.Range(9, null, null, null), null))
        .satisfies(all -> assertThat(all.items()).hasSize(1));
  }

  private static Written.Sliced slice(Node node) {
    node.round();
    var sliced = (Written.Sliced) node.write(new Write.EraseSlice(T0, 100));
    node.store.maintain(false);
    return sliced;
  }

  /** All that it knew of rows must be read again, and its lanes are still its own. */
  @Test
  void aProcessThatLosesItsConnectionKeepsItsLanes() {
    Node second = secondWithHalf();
    Set<Integer> mine = new HashSet<>(second.lanes);
    server.execute(
        database,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
            + " AND application_name = 'posthorn'");
    assertThatThrownBy(second::round).isInstanceOf(StoreUnavailableException.class);
    Ownership again = requireNonNull(second.round().shared().ownership());
    assertThat(again.anew()).isTrue();
    assertThat(again.lanes()).isEqualTo(mine);
  }

  @Test
  void onlyOneKeepsTheStore() {
    Node second = secondWithHalf();
    assertThat(List.of(first.store.keeps(), second.store.keeps())).containsOnlyOnce(true);
    int endpoint = first.endpoint("acme");
    var key = new DeliveryKey(endpoint, first.accept(event("acme", T0, endpoint)));
    first.write(new Write.Record(failed(key, 1, T0, T0), new Next.Retry(T0, null)));
    assertThat(first.store.log().counts(endpoint).waiting()).isEqualTo(1);
  }
}
