package dev.posthorn.dispatcher.store;

import dev.posthorn.core.config.KeyDenial;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one writer. It alternates a transaction over everything that waits (so that one flush serves
 * all who came during the last one) and a round of page reads, and tells the listener about both in
 * one message, in the order in which they happened. Only then are the futures of those who wait
 * completed, on this thread: what depends on them must be short or go elsewhere.
 *
 * <p>While the store is unavailable accepts fail at once, outcomes and health are kept and written
 * as soon as a probe finds that it can write again. Any other failure ends the thread; the failure
 * handler stops the engine, since what is in memory may not be what is on disk.
 *
 * <p>All methods may be called from any thread.
 */
public final class StoreThread implements AutoCloseable {
  /**
   * Bounds.
   *
   * @param queueEntries tasks that may wait before accepts are refused
   * @param queueBytes memory of waiting tasks before accepts are refused
   * @param batchRows rows in a transaction, but a publish is never cut
   * @param batchBytes memory of a transaction's tasks, with the same exception
   * @param pause between two tries while the store is unavailable, and before idle housekeeping
   */
  public record Limits(
      int queueEntries, long queueBytes, int batchRows, long batchBytes, Duration pause) {
    /** 20,000 tasks or 64 MiB; 1,000 rows or 16 MiB; a second. */
    public static final Limits DEFAULT =
        new Limits(20_000, 64L << 20, 1_000, 16L << 20, Duration.ofSeconds(1));
  }

  /** Rows that retention, or an erasure, may delete in a write when nobody waits. */
  private static final int IDLE_ROWS = 500;

  /** Rows that an erasure may delete in a write when others wait. */
  private static final int ERASED_ROWS = 250;

  /** Between two rounds at most, where others use the database too, while there is something. */
  private static final long BUSY_ROUND_NANOS = 20_000_000;

  /** The same while there is nothing. */
  private static final long IDLE_ROUND_NANOS = 100_000_000;

  /** So much longer a lease must be to be told of. */
  private static final long LEASE_NEWS_MILLIS = 100;

  private final DeliveryStore store;
  private final long pauseNanos;
  private final Supplier<Retention> retention;
  private final EndingNotices notices;
  private final InstantSource clock;
  private final Consumer<Committed> listener;
  private final Consumer<Throwable> onFailure;
  private final StoreQueue queue;
  private final Thread thread;
  private final List<StoreTask> kept = new ArrayList<>();
  private final List<PageRequest> keptPages = new ArrayList<>();
  private volatile @Nullable String unavailable;
  private boolean reopened;
  private boolean expiredRowsLeft;
  private final RunningErasures erasures;
  private long nextKeepNanos = System.nanoTime();
  private boolean busy;
  private boolean incomplete;
  private long toldSendUntil;

  /**
   * Prepares the thread.
   *
   * @param store written by this thread alone from {@link #start} on; its opener closes it, after
   *     this
   * @param retention what is kept now
   * @param notices what is told of deliveries that retention ends
   * @param listener called on the store thread, once per turn
   * @param onFailure called on the store thread when it ends because of a defect
   */
  public StoreThread(
      DeliveryStore store,
      Limits limits,
      Supplier<Retention> retention,
      EndingNotices notices,
      InstantSource clock,
      Consumer<Committed> listener,
      Consumer<Throwable> onFailure) {
    this.store = store;
    this.notices = notices;
    this.retention = retention;
    this.clock = clock;
    this.listener = listener;
    this.onFailure = onFailure;
    erasures = new RunningErasures(store.erasing());
    toldSendUntil = store.isShared() ? 0 : Long.MAX_VALUE;
    pauseNanos = limits.pause().toNanos();
    queue = new StoreQueue(limits);
    thread = Thread.ofPlatform().name("posthorn-store").unstarted(this::run);
  }

  /** Starts the thread; once. */
  public void start() {
    thread.start();
  }

  /** Whether the store can write, as far as is known: readiness. */
  public boolean available() {
    return unavailable == null && thread.isAlive();
  }

  /** Why the store cannot write, as far as is known; null where it can. */
  public @Nullable String whyUnavailable() {
    return unavailable;
  }

  /**
   * Stores a publish. The answer comes when it is on disk and the listener knows of it.
   *
   * @return fails with {@link StoreUnavailableException} where the store cannot write or too much
   *     waits: the producer may try again
   */
  public CompletableFuture<List<Accepted>> accept(List<NewEvent> events) {
    return accept(new Write.Accept(List.copyOf(events)));
  }

  /**
   * Stores a system event, and the same for others, once under {@code name}; for ever, whatever
   * happens to the process.
   *
   * @return fails like {@link #accept(List)}; answers with duplicates where it is there already
   */
  public CompletableFuture<List<Accepted>> announce(List<NewEvent> events, String name) {
    return accept(new Write.Accept(List.copyOf(events), name));
  }

  private CompletableFuture<List<Accepted>> accept(Write.Accept write) {
    var done = new CompletableFuture<List<Accepted>>();
    offer(new StoreTask.Accept(write, done));
    return done;
  }

  /**
   * Takes note of what a caller asks for, and denies a key with it.
   *
   * @param denial null for none
   * @return fails like {@link #accept(List)}
   */
  public CompletableFuture<@Nullable Void> audit(AuditEntry entry, @Nullable KeyDenial denial) {
    var done = new CompletableFuture<@Nullable Void>();
    offer(new StoreTask.Audit(new Write.Audit(entry, denial), done));
    return done;
  }

  /** Logs an attempt; the listener hears of it. Never refused before {@link #close}. */
  public void record(Attempt attempt, Next next) {
    record(new Write.Record(attempt, next));
  }

  /** The same with what it causes; the listener hears of the system events too. */
  public void record(Write.Record write) {
    queue.put(new StoreTask.Outcome(write));
  }

  /**
   * Replaces an endpoint's health; the listener hears of the system events that it causes. Never
   * refused before {@link #close}.
   */
  public void health(Write.Health write) {
    queue.put(new StoreTask.Health(write));
  }

  /** Replaces the times in which an endpoint got nothing. Never refused before {@link #close}. */
  public void holds(int endpoint, Holds holds) {
    queue.put(new StoreTask.Hold(new Write.Hold(endpoint, holds)));
  }

  /**
   * Takes note that an endpoint's resource is gone, or back. Never refused before {@link #close}.
   *
   * @param time since when it is gone; null where it is back
   */
  public void removal(int endpoint, @Nullable Instant time) {
    queue.put(new StoreTask.Removal(new Write.Removal(endpoint, time)));
  }

  /**
   * Gives an endpoint its number, or finds it.
   *
   * @return waits while the store is unavailable; fails when the thread ends
   */
  public CompletableFuture<EndpointRow> register(Write.Register register) {
    var done = new CompletableFuture<EndpointRow>();
    var task = new StoreTask.Register(register, done);
    if (!queue.put(task)) {
      task.fail(stopped());
    }
    return done;
  }

  /**
   * Keeps a record that could not be mapped.
   *
   * @param notices system events that it causes
   * @return fails like {@link #accept}: the record may be read again
   */
  public CompletableFuture<Void> reject(RejectedRecord record, List<Write.Accept> notices) {
    var done = new CompletableFuture<Void>();
    offer(new StoreTask.Reject(new Write.Reject(record, notices), done));
    return done;
  }

  /**
   * Begins the erasure of a tenant, or finds the one that runs; slices follow by themselves, also
   * in the next life of the process, and the listener hears of them. Never refused before {@link
   * #close}.
   *
   * @return waits while the store is unavailable; fails when the thread ends
   */
  public CompletableFuture<Written.Begun> erase(Write.Erase erase) {
    var done = new CompletableFuture<Written.Begun>();
    var task = new StoreTask.Erase(erase, done);
    if (!queue.put(task)) {
      task.fail(stopped());
    }
    return done;
  }

  /**
   * Opens deliveries again, or keeps account of it; the listener hears what is due.
   *
   * @return fails like {@link #accept(List)}
   */
  public CompletableFuture<ReplayAnswer> replay(ReplayWrite write) {
    var done = new CompletableFuture<ReplayAnswer>();
    offer(new StoreTask.Replaying(new Write.Replaying(write), done));
    return done;
  }

  /** Gives a lane up after everything that waits now. Never refused before {@link #close}. */
  public void release(int lane) {
    queue.put(new StoreTask.Plain(new Write.Release(lane)));
  }

  /** Asks the process that sends to an endpoint to enable it. */
  public void askEnable(int endpoint) {
    queue.put(new StoreTask.Plain(new Write.AskEnable(endpoint)));
  }

  /** Asks for a page; the listener gets it. */
  public void page(PageRequest request) {
    queue.put(request);
  }

  /**
   * Writes what waits, then ends the thread; waits for that. Where the store is unavailable it
   * tries once more: outcomes it could not write are lost, and their deliveries sent again.
   */
  @Override
  public void close() {
    queue.close();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void offer(StoreTask task) {
    String why = unavailable;
    if (why != null) {
      task.fail(new StoreUnavailableException(why, false, null));
    } else if (queue.isClosed()) {
      task.fail(stopped());
    } else if (!queue.offer(task)) {
      task.fail(
          new StoreUnavailableException(
              "too much waits to be written: publish again later", false, null));
    }
  }

  private static StoreUnavailableException stopped() {
    return new StoreUnavailableException("the store has stopped: publish again later", false, null);
  }

  private void run() {
    Throwable defect = null;
    try {
      boolean more = true;
      while (more) {
        await();
        more = turn();
      }
    } catch (Throwable e) {
      defect = e;
    }
    end(defect == null ? stopped() : defect);
    if (defect != null) {
      onFailure.accept(defect);
    }
  }

  /** Nobody is left waiting for an answer that will not come. */
  private void end(Throwable why) {
    unavailable = "the store has stopped: publish again later";
    queue.close();
    kept.forEach(task -> task.fail(why));
    for (List<StoreTask> left = queue.takeWrites(); !left.isEmpty(); left = queue.takeWrites()) {
      left.forEach(task -> task.fail(why));
    }
  }

  private void await() throws InterruptedException {
    if (unavailable != null) {
      queue.awaitClosed(pauseNanos);
    } else {
      queue.await(waitNanos());
    }
  }

  /**
   * One transaction over what waits, and the page reads after it, on the calling thread: for who
   * has a thread or a time of its own, and never calls {@link #start}.
   *
   * @return false when there is nothing more to do: it is closed, and all is written
   */
  public boolean turn() {
    if (queue.isClosed() && kept.isEmpty() && queue.isEmpty()) {
      return false;
    }
    try {
      work();
      return true;
    } catch (StoreUnavailableException e) {
      unavailable = e.getMessage();
      reopened |= e.unknown();
      erasures.soon();
      return !queue.isClosed();
    }
  }

  private long waitNanos() {
    if (expiredRowsLeft || incomplete) {
      return 0;
    }
    long wait = erasures.waitNanos(pauseNanos);
    return store.isShared() ? Math.min(wait, busy ? BUSY_ROUND_NANOS : IDLE_ROUND_NANOS) : wait;
  }

  private void work() {
    if (kept.isEmpty()) {
      kept.addAll(queue.takeWrites());
    }
    keptPages.addAll(queue.takePages());
    boolean idle = kept.isEmpty() && keptPages.isEmpty();
    busy = !idle;
    Turn turn = write(idle);
    // Where nothing can be read nothing is known of others, but the lease is what it was.
    Round round = new Round(List.of(), Shared.of(List.of(), null, toldSendUntil), true);
    try {
      erasures.tellEnds(store, turn);
      round = store.round(List.copyOf(keptPages)).at(clock.millis());
      incomplete = !round.complete();
      if (round.complete()) {
        keptPages.clear();
      }
      hear(round.shared());
    } finally {
      // What is committed is told, also where the pages cannot be read.
      report(turn, round);
    }
    store.maintain(queue.isEmpty());
  }

  private void hear(Shared shared) {
    busy |= !shared.fed().isEmpty();
    List<String> running = shared.erasing();
    if (running != null) {
      erasures.begun(running);
    }
  }

  private void report(Turn turn, Round round) {
    Committed committed = turn.committed(round, reopened);
    boolean leased = round.shared().sendUntil() - toldSendUntil > LEASE_NEWS_MILLIS;
    reopened = false;
    if (leased || !committed.isEmpty()) {
      toldSendUntil = round.shared().sendUntil();
      listener.accept(committed);
    }
    turn.answer();
  }

  /** Everything in {@link #kept}, in one transaction; what fails and may not wait is told so. */
  private Turn write(boolean idle) {
    var turn = new Turn();
    List<Write> writes = writes(idle);
    if (writes.isEmpty()) {
      return turn;
    }
    List<Written> answers;
    try {
      answers = turn.noted(store.write(writes));
    } catch (StoreUnavailableException e) {
      refuse(e);
      throw e;
    }
    unavailable = null;
    for (int i = 0; i < kept.size(); i++) {
      turn.add(kept.get(i), answers.get(i));
    }
    kept.clear();
    for (Written answer : answers) {
      if (answer instanceof Written.Retained retained) {
        turn.add(retained);
        expiredRowsLeft = retained.more();
      }
      if (answer instanceof Written.Sliced sliced) {
        turn.add(sliced);
        erasures.sliced(sliced);
      }
      if (answer instanceof Written.Begun(var erasure, var _) && erasure != null) {
        erasures.asked(erasure.tenant());
      }
    }
    return turn;
  }

  /** Producers are told at once, those who still stand in the queue too; the rest is kept. */
  private void refuse(StoreUnavailableException why) {
    List<StoreTask> refused = queue.takeRefusable();
    kept.stream().filter(task -> !task.kept()).forEach(refused::add);
    kept.removeIf(task -> !task.kept());
    unavailable = why.getMessage();
    refused.forEach(task -> task.fail(why));
  }

  /** The tasks' writes first, so that their answers have the same places. */
  private List<Write> writes(boolean idle) {
    var writes = new ArrayList<Write>(kept.size() + 2);
    int rows = 0;
    for (StoreTask task : kept) {
      writes.add(task.write());
      rows += task.rows();
    }
    if (unavailable != null) {
      writes.add(new Write.Probe());
    }
    if (erasures.due()) {
      writes.add(new Write.EraseSlice(clock.instant(), idle ? IDLE_ROWS : ERASED_ROWS));
    }
    if (notices.ready() && (rows > 0 || (idle && keepingIsDue()))) {
      keep(writes, idle ? IDLE_ROWS : 2 * rows);
    }
    return writes;
  }

  private boolean keepingIsDue() {
    return expiredRowsLeft || nextKeepNanos - System.nanoTime() <= 0;
  }

  private void keep(List<Write> writes, int rows) {
    nextKeepNanos = System.nanoTime() + pauseNanos;
    if (store.keeps()) {
      writes.add(new Write.Retain(clock.instant(), retention.get(), rows, notices));
    } else {
      expiredRowsLeft = false;
    }
  }
}
