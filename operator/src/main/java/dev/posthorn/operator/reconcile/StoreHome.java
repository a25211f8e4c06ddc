package dev.posthorn.operator.reconcile;

import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.keyring.KeyringRecovery.Bootstrap;
import dev.posthorn.core.resolve.DatabaseAddress;
import dev.posthorn.core.resolve.Resource;
import dev.posthorn.core.resolve.StoreSecrets;
import dev.posthorn.crds.Dispatcher;
import dev.posthorn.crds.DispatcherSpec;
import dev.posthorn.crds.SecretKeyRef;
import dev.posthorn.operator.cluster.Live;
import dev.posthorn.operator.cluster.PayloadKeys;
import dev.posthorn.operator.cluster.PayloadKeys.Found;
import dev.posthorn.operator.workload.Installation;
import dev.posthorn.operator.workload.StoreAccess;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * What opens the stores of Dispatchers: the Secrets that they name, or a payload key that is made
 * once. Thread-safe; blocks.
 */
final class StoreHome {
  private static final int DIGEST = 20;

  private final PayloadKeys keys;
  private final Live live;
  private final Bootstrap bootstrap;
  private final RandomGenerator random;

  StoreHome(PayloadKeys keys, Live live, Bootstrap bootstrap, RandomGenerator random) {
    this.keys = keys;
    this.live = live;
    this.bootstrap = bootstrap;
    this.random = random;
  }

  /** What there is. */
  sealed interface Access {
    /** All that is needed. */
    record Ready(StoreAccess store) implements Access {}

    /** The payload key is gone, and none may be made. */
    record Lost(String message) implements Access {}

    /** The Dispatcher itself is gone. */
    record Nobody() implements Access {}
  }

  /** What follows where the spec names no payload key. */
  sealed interface Decision {
    /** There is one. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Use(byte[] key) implements Decision {}

    /** The first one is made. */
    record Make() implements Decision {}

    /** None can be had. */
    record Refuse(String why) implements Decision {}
  }

  /**
   * Decides. A database that pods have been given opens with the key that they were given and with
   * no other, so that a key which is gone is never made a second time.
   *
   * @param given whether pods have been made with a key
   */
  static Decision decide(Found found, boolean given, Bootstrap bootstrap) {
    return switch (found) {
      case Found.Key(byte[] key) -> new Decision.Use(key);
      case Found.Unusable(String why) -> new Decision.Refuse(why);
      case Found.Nothing() ->
          given || bootstrap == Bootstrap.REQUIRE
              ? new Decision.Refuse(
                  "is not there, and no other key opens what is stored: restore it from a backup")
              : new Decision.Make();
    };
  }

  /**
   * Finds all, and makes the payload key where a database has none yet.
   *
   * @param given whether pods have been made with a key
   */
  Access access(
      Dispatcher dispatcher,
      Resource<DispatcherSpec> resource,
      StoreSecrets secrets,
      boolean given) {
    DispatcherSpec.Store store = resource.content().store();
    ResourceName name = resource.ref().name();
    byte[] key = secrets.payloadKey();
    if (store.postgres() == null || key != null) {
      return new Access.Ready(access(store, entry(store.encryptionKeyRef()), secrets, key));
    }
    var made = new StoreAccess.Entry(PayloadKeys.name(name).name(), PayloadKeys.ENTRY);
    return switch (decide(keys.find(name), given, bootstrap)) {
      case Decision.Use(byte[] stored) -> new Access.Ready(access(store, made, secrets, stored));
      case Decision.Refuse(String why) ->
          new Access.Lost(
              "spec.store: Secret "
                  + PayloadKeys.name(name)
                  + ", which holds the payload key, "
                  + why);
      case Decision.Make() ->
          live.exists(dispatcher)
              ? new Access.Ready(access(store, made, secrets, keys.make(name, random)))
              : new Access.Nobody();
    };
  }

  private static StoreAccess access(
      DispatcherSpec.Store store,
      StoreAccess.@Nullable Entry payloadKey,
      StoreSecrets secrets,
      byte @Nullable [] key) {
    DatabaseAddress database = secrets.database();
    if (key == null) {
      return StoreAccess.EMBEDDED;
    }
    return new StoreAccess(
        store.postgres() == null ? null : entry(store.postgres().secretRef()),
        database == null ? List.of() : database.files(),
        payloadKey,
        database == null
            ? List.of()
            : database.servers().stream()
                .map(server -> new Installation.Address(server.host(), server.port()))
                .toList(),
        digest(key, database == null ? "" : database.url(), secrets.files()));
  }

  private static StoreAccess.@Nullable Entry entry(@Nullable SecretKeyRef ref) {
    return ref == null ? null : new StoreAccess.Entry(ref.name(), ref.key());
  }

  /** Under the key, so that nobody tries passwords on what every reader of Pods sees. */
  static String digest(byte[] key, String url, SortedMap<String, byte[]> files) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      mac.update(url.getBytes(StandardCharsets.UTF_8));
      files.forEach((name, content) -> {
        mac.update(("\n" + name + " " + content.length + "\n").getBytes(StandardCharsets.UTF_8));
        mac.update(content);
      });
      byte[] digest = mac.doFinal();
      return HexFormat.of().formatHex(digest).substring(0, DIGEST);
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every JDK has HmacSHA256, and any bytes are its key", e);
    }
  }
}
