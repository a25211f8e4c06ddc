package dev.posthorn.dispatcher.api;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.posthorn.core.config.KeyAuthority;
import dev.posthorn.core.config.KeysConfig;
import dev.posthorn.core.keyring.KeyMaterial;
import dev.posthorn.core.keyring.KeyVersion;
import dev.posthorn.core.keyring.KeyWish;
import dev.posthorn.core.keyring.Keyring;
import dev.posthorn.core.keyring.KeyringFinding;
import dev.posthorn.core.keyring.PublicKeys;
import dev.posthorn.crds.Reason;
import dev.posthorn.dispatcher.http.Call;
import dev.posthorn.dispatcher.http.Problem;
import dev.posthorn.dispatcher.http.ProblemException;
import dev.posthorn.dispatcher.http.ProblemType;
import dev.posthorn.dispatcher.http.Reply;
import dev.posthorn.dispatcher.store.AuditEntry;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code /v1/tenants/{tenant}/keys/{signingSecret}/...}: rotate, revoke, acknowledge, reveal. */
final class KeyCalls {
  private static final int RETRY_AFTER_SECONDS = 5;
  private static final Pattern KEY_ID = Pattern.compile("k_[0-9a-f]{6}");

  private final KeyDirectory keys;
  private final InstantSource clock;

  KeyCalls(KeyDirectory keys, InstantSource clock) {
    this.keys = keys;
    this.clock = clock;
  }

  Reply rotate(Call call) {
    ActionBody.read(call);
    return wish(call, new KeyWish.Rotate(), "keys.rotate", null);
  }

  Reply revoke(Call call) {
    var body = ActionBody.read(call, "keyId", "reason");
    String keyId = keyId(body);
    String detail = body.get("reason").map(reason -> keyId + ": " + reason).orElse(keyId);
    return wish(call, new KeyWish.Revoke(keyId), "keys.revoke", detail);
  }

  Reply acknowledge(Call call) {
    String keyId = keyId(ActionBody.read(call, "keyId"));
    return wish(call, new KeyWish.Acknowledge(keyId), "keys.acknowledge", keyId);
  }

  Reply reveal(Call call) {
    call.query();
    KeysConfig found = find(call);
    Instant now = clock.instant();
    keys.record(entry(call, "keys.reveal", null, now));
    Keyring keyring = found.keyring();
    List<RevealedKey> revealed =
        keyring.versions().reversed().stream()
            .map(version ->
                new RevealedKey(
                    version.keyId(), keyring.stateAt(version, now).name(), text(version, keyring)))
            .toList();
    return Reply.json(200, new Revealed(found.name().name(), revealed))
        .with("Cache-Control", "no-store");
  }

  private Reply wish(Call call, KeyWish wish, String action, @Nullable String detail) {
    call.query();
    KeysConfig found = find(call);
    if (wish instanceof KeyWish.Revoke(String keyId)
        && found.keyring().versions().stream().noneMatch(v -> v.keyId().equals(keyId))) {
      throw unknownKey(keyId); // nothing to deny: the deny-list holds keys that exist
    }
    Instant now = clock.instant();
    return switch (keys.wish(found, wish, entry(call, action, detail, now))) {
      case KeyAuthority.Answer.Done() ->
          Reply.json(
              200, KeyView.of(keys.find(tenant(call), found.name().name()).orElse(found), now));
      case KeyAuthority.Answer.Refused(KeyringFinding why) -> throw refused(why);
      case KeyAuthority.Answer.Unavailable(String message) ->
          throw Problem.of(ProblemType.NOT_READY, message)
              .retryAfter(RETRY_AFTER_SECONDS)
              .exception();
    };
  }

  private KeysConfig find(Call call) {
    return keys.find(tenant(call), call.path("signingSecret"))
        .orElseThrow(() ->
            Problem.of(
                    ProblemType.NOT_FOUND,
                    "the tenant has no such SigningSecret: check its name, and that no other"
                        + " tenant's endpoint uses it too")
                .exception());
  }

  private static String tenant(Call call) {
    return call.path("tenant");
  }

  private static AuditEntry entry(Call call, String action, @Nullable String detail, Instant now) {
    return new AuditEntry(
        tenant(call),
        now,
        call.caller().name(),
        call.requestId(),
        action,
        "SigningSecret/" + call.path("signingSecret"),
        detail);
  }

  /** What is given to a receiver; of a key pair that is the public key alone. */
  private static @Nullable String text(KeyVersion version, Keyring keyring) {
    KeyMaterial material = version.material();
    if (material == null) {
      return null;
    }
    byte[] bytes = material.bytes();
    try {
      return PublicKeys.isPair(keyring.algorithm())
          ? PublicKeys.of(bytes)
          : new String(bytes, StandardCharsets.UTF_8);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  private static ProblemException refused(KeyringFinding why) {
    return why.reason() == Reason.UnknownKeyId
        ? Problem.of(ProblemType.INVALID, "keyId", why.message()).exception()
        : Problem.of(ProblemType.CONFLICT, why.message()).exception();
  }

  private static ProblemException unknownKey(String keyId) {
    return Problem.of(
            ProblemType.INVALID,
            "keyId",
            "no key of this SigningSecret has the id " + keyId + ": reveal lists those it has")
        .exception();
  }

  private static String keyId(ActionBody body) {
    return body.get("keyId")
        .filter(keyId -> KEY_ID.matcher(keyId).matches())
        .orElseThrow(() ->
            Problem.of(
                    ProblemType.INVALID,
                    "keyId",
                    "keyId must be the id of a key, as k_7f3a9c: reveal lists those there are")
                .exception());
  }

  @JsonPropertyOrder({"signingSecret", "keys"})
  private record Revealed(String signingSecret, List<RevealedKey> keys) {}

  @JsonPropertyOrder({"keyId", "state", "key"})
  private record RevealedKey(String keyId, String state, @Nullable String key) {
    @Override
    public String toString() {
      return "RevealedKey[" + keyId + ", " + state + "]";
    }
  }
}
