package dev.posthorn.dispatcher.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.core.config.OutcomeClass;
import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.event.Event;
import dev.posthorn.core.event.EventData;
import dev.posthorn.core.event.EventId;
import dev.posthorn.core.event.PublishedEvent;
import dev.posthorn.dispatcher.store.Attempt;
import dev.posthorn.dispatcher.store.AttemptDetail;
import dev.posthorn.dispatcher.store.AuditEntry;
import dev.posthorn.dispatcher.store.DeliveryKey;
import dev.posthorn.dispatcher.store.EndpointRow;
import dev.posthorn.dispatcher.store.EndpointState;
import dev.posthorn.dispatcher.store.Holds;
import dev.posthorn.dispatcher.store.NewEvent;
import dev.posthorn.dispatcher.store.Next;
import dev.posthorn.dispatcher.store.PageRequest;
import dev.posthorn.dispatcher.store.ReplayWrite;
import dev.posthorn.dispatcher.store.Side;
import dev.posthorn.dispatcher.store.SqliteDeliveryStore;
import dev.posthorn.dispatcher.store.Write;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the simulation proves holds for SQLite as far as the two stores answer alike. */
class SimulatedStoreTest {
  private static final int ENDPOINTS = 3;

  @TempDir Path directory;

  private final Random random = new Random(7);
  private long now = 1_800_000_000_000L;
  private long events;

  @Test
  void itAnswersAsSqliteDoes() {
    var simulated =
        new SimulatedStore(
            PageRequest.ROWS,
            () -> SimulatedStore.Fault.NONE,
            () -> 0,
            new SimulatedNotices(random));
    try (var real = SqliteDeliveryStore.open(directory)) {
      for (int number = 1; number <= ENDPOINTS; number++) {
        List<Write> register =
            List.of(new Write.Register(new ResourceName("acme", "e" + number), "acme", 0));
        assertThat(simulated.write(register))
            .usingRecursiveComparison()
            .isEqualTo(real.write(register));
      }
      for (int i = 0; i < 2_000; i++) {
        List<Write> writes =
            IntStream.rangeClosed(0, random.nextInt(4)).mapToObj(_ -> any()).toList();
        assertThat(simulated.write(writes))
            .as("%s", writes)
            .usingRecursiveComparison()
            .isEqualTo(real.write(writes));
        List<PageRequest> pages = List.of(page(Side.FRESH), page(Side.RETRY));
        assertThat(simulated.pages(pages)).isEqualTo(real.pages(pages));
      }
      assertThat(simulated.endpoints()).isEqualTo(real.endpoints());
      assertThat(events).isGreaterThan(1_000);
    }
  }

  private Write any() {
    now += random.nextInt(1_000);
    return switch (random.nextInt(10)) {
      case 0, 1, 2 -> accept();
      case 3 ->
          new Write.Health(
              endpoint(),
              new EndpointRow.Health(
                  EndpointState.FAILING,
                  Instant.ofEpochMilli(now),
                  null,
                  10,
                  OutcomeClass.HTTP_5XX,
                  null,
                  null),
              notices("health-" + random.nextInt(20)));
      case 4 -> new Write.Hold(endpoint(), Holds.NONE.begin(now));
      case 5 -> redeliver();
      default -> record();
    };
  }

  private int endpoint() {
    return 1 + random.nextInt(ENDPOINTS);
  }

  private Write accept() {
    var added = new ArrayList<NewEvent>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      events++;
      Instant accepted = Instant.ofEpochMilli(now);
      var event =
          new Event(
              EventId.next(accepted, random),
              accepted,
              PublishedEvent.of("acme", "order.paid", EventData.none()));
      byte[] key =
          random.nextBoolean()
              ? new byte[0]
              : ByteBuffer.allocate(16).putInt(random.nextInt(400)).array();
      var targets =
          IntStream.rangeClosed(1, ENDPOINTS).filter(_ -> random.nextBoolean()).boxed().toList();
      added.add(new NewEvent(event, key, targets));
    }
    return random.nextInt(10) == 0
        ? new Write.Accept(added, "notice-" + random.nextInt(5))
        : new Write.Accept(added);
  }

  private List<Write.Accept> notices(@Nullable String once) {
    return random.nextInt(3) == 0
        ? List.of(new Write.Accept(((Write.Accept) accept()).events(), once))
        : List.of();
  }

  private Write redeliver() {
    Instant at = Instant.ofEpochMilli(now);
    return new Write.Replaying(
        new ReplayWrite.Redeliver(
            new AuditEntry("acme", at, "ops", "r-1", "events.redeliver", "Event/e", null),
            new DeliveryKey(endpoint(), 1 + random.nextLong(events + 1)),
            at));
  }

  /** Of a delivery that may be open, at an attempt that may be the next one. */
  private Write record() {
    var key = new DeliveryKey(endpoint(), 1 + random.nextLong(events + 1));
    int n = 1 + random.nextInt(3);
    Instant due = Instant.ofEpochMilli(now + random.nextInt(100_000));
    Next next =
        switch (random.nextInt(4)) {
          case 0 -> new Next.Delivered();
          case 1 -> new Next.Dead();
          default -> new Next.Retry(due, null);
        };
    var outcome = next instanceof Next.Delivered ? OutcomeClass.DELIVERED : OutcomeClass.HTTP_5XX;
    boolean ends = !(next instanceof Next.Retry);
    return new Write.Record(
        new Attempt(
            key,
            n,
            Instant.ofEpochMilli(now),
            outcome,
            0,
            null,
            ends,
            ends ? null : due,
            AttemptDetail.NONE),
        next,
        notices(null));
  }

  private PageRequest page(Side side) {
    if (random.nextBoolean()) {
      return new PageRequest(endpoint(), side, -1, -1, 3);
    }
    long due = side == Side.FRESH ? 0 : now + random.nextInt(100_000);
    return new PageRequest(endpoint(), side, due, random.nextLong(events + 1), 3);
  }
}
