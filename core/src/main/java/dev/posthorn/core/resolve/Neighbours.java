package dev.posthorn.core.resolve;

import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.keyring.Keyring;
import dev.posthorn.crds.DispatcherSpec;
import dev.posthorn.crds.SignatureSchemeSpec;
import dev.posthorn.crds.SigningSecretSpec;
import java.util.Map;
import java.util.Optional;

/**
 * The objects that others may refer to, as they are known now. Thread-safe; answers from memory.
 */
public interface Neighbours {
  /** A core Secret or ConfigMap; those whose authors have not consented may be left out. */
  Optional<Resource<Data>> data(ResourceRef ref);

  /** A Dispatcher. */
  Optional<Resource<DispatcherSpec>> dispatcher(ResourceName name);

  /** A SignatureScheme. */
  Optional<Resource<SignatureSchemeSpec>> scheme(String name);

  /** A SigningSecret. */
  Optional<Resource<SigningSecretSpec>> signingSecret(ResourceName name);

  /** The stored keys of a SigningSecret; empty where there are none, or none that are intact. */
  Optional<Keyring> keyring(ResourceName signingSecret);

  /** The labels of a namespace; empty where it is not known. */
  Map<String, String> namespaceLabels(String namespace);
}
