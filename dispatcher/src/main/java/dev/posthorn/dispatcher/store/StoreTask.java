package dev.posthorn.dispatcher.store;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Something that the store thread is to write, and who waits for it. */
sealed interface StoreTask {
  /** Memory that a row takes beside what it carries. */
  long ROW_BYTES = 512;

  Write write();

  /** Rows it adds or changes, about. */
  default int rows() {
    return 1;
  }

  /** Memory it holds while it waits, about. */
  default long bytes() {
    return ROW_BYTES;
  }

  /** Whether it waits for better times when the store is unavailable; else it fails. */
  default boolean kept() {
    return true;
  }

  /** The store has no answer any more. */
  default void fail(Throwable why) {}

  /** A publish. */
  record Accept(Write.Accept write, CompletableFuture<List<Accepted>> done) implements StoreTask {
    @Override
    public int rows() {
      return rows(write);
    }

    @Override
    public long bytes() {
      return bytes(write);
    }

    private static int rows(Write.Accept write) {
      int rows = 0;
      for (NewEvent event : write.events()) {
        rows += 1 + event.targets().size();
      }
      return rows;
    }

    private static long bytes(Write.Accept write) {
      long bytes = 0;
      for (NewEvent event : write.events()) {
        bytes += ROW_BYTES + event.event().published().data().bytes().length;
      }
      return bytes;
    }

    private static int rows(List<Write.Accept> notices) {
      return notices.stream().mapToInt(Accept::rows).sum();
    }

    private static long bytes(List<Write.Accept> notices) {
      return notices.stream().mapToLong(Accept::bytes).sum();
    }

    @Override
    public boolean kept() {
      return false;
    }

    @Override
    public void fail(Throwable why) {
      done.completeExceptionally(why);
    }
  }

  /** An outcome. */
  record Outcome(Write.Record write) implements StoreTask {
    @Override
    public int rows() {
      return 1 + Accept.rows(write.notices());
    }

    @Override
    public long bytes() {
      AttemptDetail detail = write.attempt().detail();
      byte[] body = write.next() instanceof Next.Retry retry ? retry.body() : null;
      return ROW_BYTES
          + size(detail.request())
          + size(detail.response())
          + (body == null ? 0 : body.length)
          + Accept.bytes(write.notices());
    }

    private static long size(AttemptDetail.@Nullable Message message) {
      return message == null ? 0 : ROW_BYTES + message.body().length;
    }
  }

  /** An endpoint's health. */
  record Health(Write.Health write) implements StoreTask {
    @Override
    public int rows() {
      return 1 + Accept.rows(write.notices());
    }

    @Override
    public long bytes() {
      return ROW_BYTES + Accept.bytes(write.notices());
    }
  }

  /** When an endpoint got nothing. */
  record Hold(Write.Hold write) implements StoreTask {}

  /** A lane to be given up, or something that the owner of one is asked for. */
  record Plain(Write write) implements StoreTask {}

  /** An endpoint that is gone, or back. */
  record Removal(Write.Removal write) implements StoreTask {}

  /** An endpoint that wants its number. */
  record Register(Write.Register write, CompletableFuture<EndpointRow> done) implements StoreTask {
    @Override
    public void fail(Throwable why) {
      done.completeExceptionally(why);
    }
  }

  /** Something that a caller asks for. */
  record Audit(Write.Audit write, CompletableFuture<@Nullable Void> done) implements StoreTask {
    @Override
    public boolean kept() {
      return false;
    }

    @Override
    public void fail(Throwable why) {
      done.completeExceptionally(why);
    }
  }

  /** A tenant to be erased; never refused, since its deliveries are stopped already. */
  record Erase(Write.Erase write, CompletableFuture<Written.Begun> done) implements StoreTask {
    @Override
    public void fail(Throwable why) {
      done.completeExceptionally(why);
    }
  }

  /** Deliveries to be opened again. */
  record Replaying(Write.Replaying write, CompletableFuture<ReplayAnswer> done)
      implements StoreTask {
    @Override
    public int rows() {
      return write.write().rows();
    }

    @Override
    public boolean kept() {
      return false;
    }

    @Override
    public void fail(Throwable why) {
      done.completeExceptionally(why);
    }
  }

  /** A record that could not be mapped. */
  record Reject(Write.Reject write, CompletableFuture<Void> done) implements StoreTask {
    @Override
    public long bytes() {
      return ROW_BYTES + write.record().payload().length;
    }

    @Override
    public boolean kept() {
      return false;
    }

    @Override
    public void fail(Throwable why) {
      done.completeExceptionally(why);
    }
  }
}
