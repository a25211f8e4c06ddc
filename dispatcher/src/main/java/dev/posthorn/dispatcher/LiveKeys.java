package dev.posthorn.dispatcher;

import dev.posthorn.core.config.KeyAuthority;
import dev.posthorn.core.config.KeyDenial;
import dev.posthorn.core.config.KeysConfig;
import dev.posthorn.core.keyring.KeyWish;
import dev.posthorn.dispatcher.api.KeyDirectory;
import dev.posthorn.dispatcher.snapshot.Snapshot;
import dev.posthorn.dispatcher.store.AuditEntry;
import dev.posthorn.dispatcher.store.StoreAnswer;
import dev.posthorn.dispatcher.store.StoreThread;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The keys in effect, and wishes about them, for the API. Thread-safe. */
final class LiveKeys implements KeyDirectory {
  private final Supplier<@Nullable Snapshot> snapshots;
  private final StoreThread store;
  private final Consumer<KeyDenial> denier;
  private final KeyAuthority authority;

  /**
   * Creates the directory.
   *
   * @param denier keeps a key from signing, in this process, before it returns
   */
  LiveKeys(
      Supplier<@Nullable Snapshot> snapshots,
      StoreThread store,
      Consumer<KeyDenial> denier,
      KeyAuthority authority) {
    this.snapshots = snapshots;
    this.store = store;
    this.denier = denier;
    this.authority = authority;
  }

  @Override
  public Optional<KeysConfig> find(String tenant, String signingSecret) {
    Snapshot snapshot = snapshots.get();
    return snapshot == null ? Optional.empty() : snapshot.keys(tenant, signingSecret);
  }

  @Override
  public void record(AuditEntry entry) {
    StoreAnswer.await(store.audit(entry, null));
  }

  /** A key to be revoked signs nothing from the first line on, whatever fails afterwards. */
  @Override
  public KeyAuthority.Answer wish(KeysConfig keys, KeyWish wish, AuditEntry entry) {
    KeyDenial denial = null;
    if (wish instanceof KeyWish.Revoke(String keyId)) {
      denial = new KeyDenial(keys.keyring().keyringId(), keyId, entry.time());
      denier.accept(denial);
    }
    StoreAnswer.await(store.audit(entry, denial));
    return authority.carryOut(keys.name(), wish);
  }
}
