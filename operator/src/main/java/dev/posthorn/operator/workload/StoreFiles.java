package dev.posthorn.operator.workload;

import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.KeyToPathBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How the pods of a Dispatcher get at what opens their store. */
record StoreFiles(StoreAccess access) {
  private static final String DIGEST_ANNOTATION = "posthorn.dev/store";
  private static final String DATABASE = "database";
  private static final String PAYLOAD_KEY = "payload-key";
  private static final String FOLDER = "/run/secrets/posthorn.dev/";
  private static final String FILE = "value";

  /** Readable by the group that the pod's user is in. */
  private static final int MODE = 0440;

  private Map<String, StoreAccess.Entry> entries() {
    var entries = new LinkedHashMap<String, StoreAccess.Entry>();
    if (access.database() != null) {
      entries.put(DATABASE, access.database());
    }
    if (access.payloadKey() != null) {
      entries.put(PAYLOAD_KEY, access.payloadKey());
    }
    return entries;
  }

  /** Variables that name the files. */
  Map<String, String> environment() {
    var environment = new LinkedHashMap<String, String>();
    if (access.database() != null) {
      environment.put("POSTHORN_STORE", "@" + FOLDER + DATABASE + "/" + FILE);
    }
    if (access.payloadKey() != null) {
      environment.put("POSTHORN_PAYLOAD_KEY", FOLDER + PAYLOAD_KEY + "/" + FILE);
    }
    return environment;
  }

  /** What tells pods with another content apart. */
  Map<String, String> annotations() {
    var annotations = new TreeMap<String, String>();
    if (access.digest() != null) {
      annotations.put(DIGEST_ANNOTATION, access.digest());
    }
    return annotations;
  }

  List<VolumeMount> mounts() {
    return entries().keySet().stream()
        .map(name ->
            new VolumeMountBuilder()
                .withName(name)
                .withMountPath(FOLDER + name)
                .withReadOnly(true)
                .build())
        .toList();
  }

  List<Volume> volumes() {
    return entries().entrySet().stream()
        .map(entry ->
            new VolumeBuilder()
                .withName(entry.getKey())
                .withNewSecret()
                .withSecretName(entry.getValue().secret())
                .withDefaultMode(MODE)
                .withItems(items(entry.getKey(), entry.getValue()))
                .endSecret()
                .build())
        .toList();
  }

  private List<KeyToPath> items(String name, StoreAccess.Entry entry) {
    var items = new ArrayList<KeyToPath>();
    items.add(item(entry.key(), FILE));
    if (name.equals(DATABASE)) {
      access.files().forEach(file -> items.add(item(file, file)));
    }
    return items;
  }

  private static KeyToPath item(String key, String path) {
    return new KeyToPathBuilder().withKey(key).withPath(path).build();
  }
}
