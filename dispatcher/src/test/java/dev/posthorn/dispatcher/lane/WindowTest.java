package dev.posthorn.dispatcher.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.dispatcher.store.OpenDelivery;
import dev.posthorn.dispatcher.store.Page;
import dev.posthorn.dispatcher.store.PageRequest;
import dev.posthorn.dispatcher.store.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class WindowTest {
  private final Window window = new Window(1, Side.RETRY, 0, PageRequest.ROWS);

  @Test
  void ignoresRowsBeforeItHasReadTheStore() {
    window.offer(row(1));
    assertThat(window.first()).isNull();
    assertThat(window.loaded()).isFalse();
  }

  @Test
  void asksOnceForAPage() {
    assertThat(window.ask()).isEqualTo(new PageRequest(1, Side.RETRY, -1, -1, 0));
    assertThat(window.ask()).isNull();
  }

  @Test
  void asksForTheNextPageBeforeItHasNothingLeft() {
    PageRequest first = window.ask();
    assertThat(first).isNotNull();
    var rows = LongStream.range(0, PageRequest.ROWS).mapToObj(WindowTest::row).toList();
    window.merge(new Page(first, rows, true), _ -> false);
    int taken = 0;
    while (window.ask() == null) {
      window.take(row(taken++));
    }
    assertThat(taken).isEqualTo(PageRequest.ROWS * 3 / 4);
    var more = LongStream.range(64, 64 + PageRequest.ROWS).mapToObj(WindowTest::row).toList();
    var request = new PageRequest(1, Side.RETRY, 100, PageRequest.ROWS - 1, 0);
    window.merge(new Page(request, more, true), _ -> false);
    assertThat(window.size()).isEqualTo(PageRequest.ROWS);
    assertThat(window.first()).isEqualTo(row(taken));
    assertThat(window.accountsFor(row(64 + PageRequest.ROWS - 1))).as("in the store").isTrue();
  }

  @Test
  void anEmptyStoreIsKnownCompletelyAndNewRowsAreHeld() {
    read();
    assertThat(window.ask()).isNull();
    window.offer(row(5));
    assertThat(window.first()).isEqualTo(row(5));
  }

  @Test
  void ignoresAPageThatAnOlderWindowAskedFor() {
    var stale = new PageRequest(1, Side.RETRY, -1, -1, 99);
    window.merge(new Page(stale, List.of(row(1)), false), _ -> false);
    assertThat(window.loaded()).isFalse();
  }

  @Test
  void keepsOnlyAPageOfAnEndlessBacklog() {
    read();
    for (int seq = 0; seq < 10_000; seq++) {
      window.offer(row(seq));
    }
    int held = 0;
    for (OpenDelivery first = window.first(); first != null; first = window.first()) {
      window.take(first);
      held++;
    }
    assertThat(held).isEqualTo(PageRequest.ROWS);
  }

  @Test
  void holdsNoMoreAlsoBelowADistantHorizon() {
    PageRequest request = window.ask();
    assertThat(request).isNotNull();
    window.merge(new Page(request, List.of(row(1_000_000)), true), _ -> false);
    for (int seq = 0; seq < 10_000; seq++) {
      window.offer(row(seq));
    }
    assertThat(window.size()).isEqualTo(PageRequest.ROWS);
    assertThat(window.accountsFor(row(1_000_000))).isTrue();
  }

  @Test
  void ignoresAPageThatDoesNotFollowTheHorizonAnyMore() {
    PageRequest first = window.ask();
    assertThat(first).isNotNull();
    window.merge(new Page(first, List.of(row(1_000)), true), _ -> false);
    window.take(row(1_000));
    PageRequest second = window.ask();
    assertThat(second).isNotNull();
    for (int seq = 0; seq <= PageRequest.ROWS; seq++) {
      window.offer(row(seq));
    }
    window.merge(new Page(second, List.of(row(2_000)), false), _ -> false);
    assertThat(window.accountsFor(row(PageRequest.ROWS))).isTrue();
    for (long seq = 0; seq < PageRequest.ROWS; seq++) {
      window.take(row(seq));
    }
    assertThat(window.ask())
        .isEqualTo(new PageRequest(1, Side.RETRY, 100, PageRequest.ROWS - 1, 0));
  }

  /** The property that everything rests on, after every step of many random histories. */
  @Test
  void everyRowUpToTheHorizonIsHeldOrInFlight() {
    for (int seed = 0; seed < 300; seed++) {
      new History(seed).run(400);
    }
  }

  private void read() {
    PageRequest request = window.ask();
    assertThat(request).isNotNull();
    window.merge(new Page(request, List.of(), false), _ -> false);
  }

  private static OpenDelivery row(long seq) {
    return new OpenDelivery(100, seq, 1, 0);
  }

  /** Rows come, are taken, come back with a later due time or end; pages answer late. */
  private static final class History {
    private final Random random;
    private final TreeSet<OpenDelivery> store = new TreeSet<>();
    private final List<OpenDelivery> flying = new ArrayList<>();
    private final Window window = new Window(1, Side.RETRY, 0, PageRequest.ROWS);
    private long seq;

    private History(long seed) {
      random = new Random(seed);
    }

    private void run(int steps) {
      for (int i = 0; i < steps; i++) {
        step();
      }
      drain();
      assertThat(store).as("rows that nobody ever took").isEmpty();
    }

    private void step() {
      switch (random.nextInt(4)) {
        case 0, 1 -> arrive();
        case 2 -> take();
        default -> end();
      }
      page();
    }

    private void arrive() {
      var fresh = new OpenDelivery(random.nextInt(50), seq++, 1, 0);
      store.add(fresh);
      window.offer(fresh);
    }

    private void take() {
      OpenDelivery first = window.first();
      if (first != null) {
        assertThat(store.first()).as("smallest row not in flight").isEqualTo(first);
        window.take(first);
        store.remove(first);
        flying.add(first);
      }
    }

    private void end() {
      if (!flying.isEmpty()) {
        OpenDelivery ended = flying.remove(random.nextInt(flying.size()));
        if (random.nextBoolean()) {
          var again = new OpenDelivery(ended.due() + 50, ended.seq(), 2, 0);
          store.add(again);
          window.offer(again);
        }
      }
    }

    private void page() {
      PageRequest request = window.ask();
      if (request != null) {
        var after = new OpenDelivery(request.afterDue(), request.afterSeq(), 0, 0);
        var rows = store.tailSet(after, false).stream().limit(PageRequest.ROWS).toList();
        var page = new Page(request, rows, rows.size() == PageRequest.ROWS);
        window.merge(page, seq -> flying.stream().anyMatch(f -> f.seq() == seq));
      }
    }

    private void drain() {
      for (int i = 0; i < 10_000 && !store.isEmpty(); i++) {
        page();
        take();
      }
    }
  }
}
