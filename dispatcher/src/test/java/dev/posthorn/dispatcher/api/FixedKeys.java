package dev.posthorn.dispatcher.api;

import dev.posthorn.core.config.KeyAuthority;
import dev.posthorn.core.config.KeyDenial;
import dev.posthorn.core.config.KeysConfig;
import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.keyring.KeyMaterial;
import dev.posthorn.core.keyring.KeyTimes;
import dev.posthorn.core.keyring.KeyVersion;
import dev.posthorn.core.keyring.KeyWish;
import dev.posthorn.core.keyring.Keyring;
import dev.posthorn.dispatcher.store.AuditEntry;
import dev.posthorn.dispatcher.store.DeliveryStore;
import dev.posthorn.dispatcher.store.StoreUnavailableException;
import dev.posthorn.dispatcher.store.Write;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One keyring of acme's, {@code orders}, with a key that signs and one that was revoked. */
final class FixedKeys implements KeyDirectory {
  static final String KEY_ID = "k_0000a2";
  static final String REVOKED = "k_0000a1";
  static final String KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final Instant CREATED = ApiServer.NOW.minusSeconds(3600);

  final List<KeyWish> wishes = new ArrayList<>();
  volatile KeyAuthority.Answer answer = new KeyAuthority.Answer.Done();
  volatile boolean away;

  private final DeliveryStore store;
  private final KeysConfig orders =
      new KeysConfig(
          new ResourceName("acme", "orders"),
          new Keyring(
              "ring",
              2,
              CREATED,
              "HmacSha256",
              List.of(
                  new KeyVersion(
                      1, REVOKED, null, CREATED, new KeyTimes(CREATED, null, ApiServer.NOW)),
                  new KeyVersion(
                      2,
                      KEY_ID,
                      KeyMaterial.of(KEY.getBytes(StandardCharsets.UTF_8)),
                      CREATED,
                      new KeyTimes(CREATED, null, null))),
              List.of()),
          KeysConfig.Cutover.AT_OVERLAP_END);

  FixedKeys(DeliveryStore store) {
    this.store = store;
  }

  @Override
  public Optional<KeysConfig> find(String tenant, String signingSecret) {
    return tenant.equals("acme") && signingSecret.equals("orders")
        ? Optional.of(orders)
        : Optional.empty();
  }

  @Override
  public synchronized void record(AuditEntry entry) {
    if (away) {
      throw new StoreUnavailableException("disk full", false, null);
    }
    store.write(List.of(new Write.Audit(entry, null)));
  }

  @Override
  public synchronized KeyAuthority.Answer wish(KeysConfig keys, KeyWish wish, AuditEntry entry) {
    wishes.add(wish);
    KeyDenial denial =
        wish instanceof KeyWish.Revoke(String keyId)
            ? new KeyDenial(keys.keyring().keyringId(), keyId, entry.time())
            : null;
    if (away) {
      throw new StoreUnavailableException("disk full", false, null);
    }
    store.write(List.of(new Write.Audit(entry, denial)));
    return answer;
  }
}
