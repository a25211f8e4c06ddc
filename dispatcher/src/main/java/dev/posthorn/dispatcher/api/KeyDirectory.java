package dev.posthorn.dispatcher.api;

import dev.posthorn.core.config.KeyAuthority;
import dev.posthorn.core.config.KeysConfig;
import dev.posthorn.core.keyring.KeyWish;
import dev.posthorn.dispatcher.store.AuditEntry;
import java.util.Optional;

/**
 * The keys there are. Thread-safe; may block on the store, and throws {@link
 * dev.posthorn.dispatcher.store.StoreUnavailableException} where that does not answer.
 */
public interface KeyDirectory {
  /**
   * The keys of a tenant's SigningSecret, as they are in effect: those of a SigningSecret that
   * endpoints of another tenant use too are not this tenant's.
   */
  Optional<KeysConfig> find(String tenant, String signingSecret);

  /** Returns when {@code entry} is in the audit log. */
  void record(AuditEntry entry);

  /**
   * Takes note of a wish, then has it carried out. A key to be revoked signs nothing any more in
   * this process before this returns, also where it throws.
   */
  KeyAuthority.Answer wish(KeysConfig keys, KeyWish wish, AuditEntry entry);
}
