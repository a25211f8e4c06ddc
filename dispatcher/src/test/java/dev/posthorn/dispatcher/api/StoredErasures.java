package dev.posthorn.dispatcher.api;

import dev.posthorn.dispatcher.store.AuditEntry;
import dev.posthorn.dispatcher.store.Erasure;
import dev.posthorn.dispatcher.store.SqliteDeliveryStore;
import dev.posthorn.dispatcher.store.StoreUnavailableException;
import dev.posthorn.dispatcher.store.Write;
import dev.posthorn.dispatcher.store.Written;
import java.util.List;
import java.util.Optional;

/** Erasures in the store of a test, done at once or left running. */
final class StoredErasures implements ErasureDirectory {
  private final SqliteDeliveryStore store;
  volatile boolean slow;
  volatile boolean away;

  StoredErasures(SqliteDeliveryStore store) {
    this.store = store;
  }

  @Override
  public Optional<Erasure> erase(AuditEntry entry) {
    if (away) {
      throw new StoreUnavailableException("disk full", false, new IllegalStateException("test"));
    }
    var begun =
        (Written.Begun)
            store.write(List.of(new Write.Erase(entry, List.of(), List.of()))).getFirst();
    if (begun.erasure() == null || slow) {
      return Optional.ofNullable(begun.erasure());
    }
    finish(entry);
    return find(entry.tenant());
  }

  private void finish(AuditEntry entry) {
    Written.Sliced sliced;
    do {
      var slice = new Write.EraseSlice(entry.time().plusSeconds(1), 100);
      sliced = (Written.Sliced) store.write(List.of(slice)).getFirst();
      store.maintain(false);
    } while (sliced.completed() == null);
  }

  @Override
  public Optional<Erasure> find(String tenant) {
    return store.log().erasure(tenant);
  }
}
