package dev.posthorn.core.resolve;

import dev.posthorn.crds.DispatcherSpec;
import dev.posthorn.crds.SecretKeyRef;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** A Dispatcher's store -> what its Secrets hold for it. */
final class StoreResolver {
  private static final String DATABASE = "spec.store.postgres.secretRef";
  private static final String KEY = "spec.store.encryptionKeyRef";
  private static final int KEY_BYTES = 32;

  private final Resource<DispatcherSpec> dispatcher;
  private final Lookup lookup;
  private final Report report;

  private StoreResolver(Resource<DispatcherSpec> dispatcher, Lookup lookup, Report report) {
    this.dispatcher = dispatcher;
    this.lookup = lookup;
    this.report = report;
  }

  /** Empty where something is wrong or missing; {@code report} says what. */
  static Optional<StoreSecrets> resolve(
      Resource<DispatcherSpec> dispatcher, Lookup lookup, Report report) {
    return new StoreResolver(dispatcher, lookup, report).resolve();
  }

  /** Who runs a directory names the store itself: what the spec says would be ignored. */
  static void refuseInDirectory(DispatcherSpec spec, Report report) {
    if (spec.store().postgres() != null) {
      refuse("spec.store.postgres", "--store", report);
    }
    if (spec.store().encryptionKeyRef() != null) {
      refuse(KEY, "--payload-key", report);
    }
  }

  private static void refuse(String field, String option, Report report) {
    report.error(
        field,
        Cause.Refusal.InvalidValue,
        "it is for a cluster; a directory is run with the option " + option + ": remove it");
  }

  private Optional<StoreSecrets> resolve() {
    DispatcherSpec.Postgres postgres = dispatcher.content().store().postgres();
    SecretKeyRef keyRef = dispatcher.content().store().encryptionKeyRef();
    Optional<DatabaseAddress> database =
        postgres == null
            ? Optional.empty()
            : entry(postgres.secretRef(), DATABASE)
                .flatMap(url -> address(postgres.secretRef(), url));
    Optional<SortedMap<String, byte[]>> files =
        database.isEmpty() || postgres == null
            ? Optional.of(new TreeMap<>())
            : files(postgres.secretRef(), database.get());
    Optional<byte[]> key =
        keyRef == null ? Optional.empty() : entry(keyRef, KEY).flatMap(text -> key(keyRef, text));
    boolean complete =
        (postgres == null || database.isPresent()) && (keyRef == null || key.isPresent());
    return complete
        ? files.map(each -> new StoreSecrets(database.orElse(null), each, key.orElse(null)))
        : Optional.empty();
  }

  /** Empty where one is missing. */
  private Optional<SortedMap<String, byte[]>> files(SecretKeyRef ref, DatabaseAddress address) {
    var files = new TreeMap<String, byte[]>();
    for (String name : address.files()) {
      entry(new SecretKeyRef(ref.name(), name), DATABASE).ifPresent(file -> files.put(name, file));
    }
    return files.keySet().containsAll(address.files()) ? Optional.of(files) : Optional.empty();
  }

  private Optional<byte[]> entry(SecretKeyRef ref, String field) {
    return lookup.entry(Lookup.secret(dispatcher.namespace(), ref), ref.key(), field, report);
  }

  private Optional<DatabaseAddress> address(SecretKeyRef ref, byte[] url) {
    try {
      return Optional.of(DatabaseAddress.parse(new String(url, StandardCharsets.UTF_8)));
    } catch (IllegalArgumentException e) {
      unusable(DATABASE, ref, "is no address of a database: " + e.getMessage());
      return Optional.empty();
    } finally {
      Arrays.fill(url, (byte) 0);
    }
  }

  private Optional<byte[]> key(SecretKeyRef ref, byte[] text) {
    try {
      byte[] key = Base64.getMimeDecoder().decode(text);
      if (key.length == KEY_BYTES) {
        return Optional.of(key);
      }
    } catch (IllegalArgumentException e) {
      // Said below.
    } finally {
      Arrays.fill(text, (byte) 0);
    }
    unusable(
        KEY,
        ref,
        "is not a key of 32 bytes in base64; a new one is made with 'head -c 32 /dev/urandom |"
            + " base64'");
    return Optional.empty();
  }

  private void unusable(String field, SecretKeyRef ref, String why) {
    report.error(
        field,
        Cause.Refusal.UnusableContent,
        "entry \""
            + ref.key()
            + "\" of Secret "
            + dispatcher.namespace()
            + "/"
            + ref.name()
            + " "
            + why);
  }
}
