package dev.posthorn.operator.cluster;

import dev.posthorn.core.config.ResourceName;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Objects;
import java.util.Optional;

/** Labels, annotations and names of what the operator makes and watches. */
public final class Names {
  /** Who applies: never changed, since fields belong to it. */
  public static final String FIELD_MANAGER = "posthorn-operator";

  /** Who made an object. */
  public static final String MANAGED_BY_LABEL = "app.kubernetes.io/managed-by";

  /** The value of {@link #MANAGED_BY_LABEL}. */
  public static final String MANAGED_BY = "posthorn";

  /** What kind of program a Pod runs. */
  public static final String APPLICATION_LABEL = "app.kubernetes.io/name";

  /** The value of {@link #APPLICATION_LABEL} on the pods of Dispatchers. */
  public static final String DISPATCHER_APPLICATION = "posthorn-dispatcher";

  /** The Dispatcher that an object belongs to. */
  public static final String INSTANCE_LABEL = "app.kubernetes.io/instance";

  /** The namespace of the Dispatcher that a cluster-scoped object belongs to. */
  public static final String DISPATCHER_NAMESPACE_LABEL = "posthorn.dev/dispatcher-namespace";

  /** What a config object was made from: {@code Kind/namespace/name}. */
  public static final String SOURCE_ANNOTATION = "posthorn.dev/source";

  /** The type of the Secrets that hold keyrings. */
  public static final String KEYRING_TYPE = "posthorn.dev/keyring";

  /** Their only entry. */
  public static final String KEYRING_ENTRY = "keyring.json";

  /** Backups leave out what is made anew from other objects. */
  static final String NO_BACKUP_LABEL = "velero.io/exclude-from-backup";

  private static final String KEYRING_SUFFIX = "-keyring";
  private static final String ROOT_SUFFIX = "-config-root";

  private Names() {}

  /** Where an object stands. */
  public static ResourceName of(HasMetadata object) {
    return new ResourceName(
        Objects.requireNonNullElse(object.getMetadata().getNamespace(), ""),
        object.getMetadata().getName());
  }

  /** The name of the Secret that holds the keys of a SigningSecret. */
  public static ResourceName keyring(ResourceName signingSecret) {
    return new ResourceName(signingSecret.namespace(), signingSecret.name() + KEYRING_SUFFIX);
  }

  /** Whose keys a Secret of the keyring type holds. */
  static ResourceName signingSecret(ResourceName keyring) {
    String name = keyring.name();
    return new ResourceName(
        keyring.namespace(),
        name.endsWith(KEYRING_SUFFIX)
            ? name.substring(0, name.length() - KEYRING_SUFFIX.length())
            : name);
  }

  /** The ConfigMap that owns all config objects of a Dispatcher. */
  public static ResourceName configRoot(ResourceName dispatcher) {
    return new ResourceName(dispatcher.namespace(), dispatcher.name() + ROOT_SUFFIX);
  }

  /** The Dispatcher whose {@link #configRoot} has this name; empty where none has. */
  static Optional<ResourceName> dispatcher(ResourceName configRoot) {
    String name = configRoot.name();
    return name.endsWith(ROOT_SUFFIX)
        ? Optional.of(
            new ResourceName(
                configRoot.namespace(), name.substring(0, name.length() - ROOT_SUFFIX.length())))
        : Optional.empty();
  }
}
