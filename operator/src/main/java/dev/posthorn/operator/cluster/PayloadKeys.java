package dev.posthorn.operator.cluster;

import dev.posthorn.core.config.ResourceName;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The keys that wrap those of payloads, where a Dispatcher names none: one Secret each, made once,
 * without an owner, and found again by its name and type. Thread-safe; blocks.
 */
public record PayloadKeys(KubernetesClient client) {
  /** The type of these Secrets. */
  static final String TYPE = "posthorn.dev/payload-key";

  /** Their only entry. */
  public static final String ENTRY = "key";

  private static final int BYTES = 32;

  /** What there is under the name. */
  public sealed interface Found {
    /** A key. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Key(byte[] bytes) implements Found {
      @Override
      public String toString() {
        return "Key";
      }
    }

    /** Nothing. */
    record Nothing() implements Found {}

    /** Something else. */
    record Unusable(String why) implements Found {}
  }

  /** The name of the Secret for a Dispatcher. */
  public static ResourceName name(ResourceName dispatcher) {
    return new ResourceName(dispatcher.namespace(), dispatcher.name() + "-payload-key");
  }

  /** The key of a Dispatcher, as the API server has it. */
  public Found find(ResourceName dispatcher) {
    ResourceName name = name(dispatcher);
    Secret secret = client.secrets().inNamespace(name.namespace()).withName(name.name()).get();
    if (secret == null) {
      return new Found.Nothing();
    }
    if (!TYPE.equals(secret.getType())) {
      return new Found.Unusable("is not of type " + TYPE + ": rename that Secret");
    }
    return read(secret)
        .<Found>map(Found.Key::new)
        .orElseGet(() ->
            new Found.Unusable(
                "has no entry \""
                    + ENTRY
                    + "\" with 32 bytes in base64: restore it from a backup"));
  }

  private static Optional<byte[]> read(Secret secret) {
    Map<String, String> data =
        Objects.requireNonNullElse(secret.getData(), Map.<String, String>of());
    try {
      byte[] text = Base64.getDecoder().decode(data.getOrDefault(ENTRY, ""));
      byte[] key = Base64.getMimeDecoder().decode(text);
      Arrays.fill(text, (byte) 0);
      return key.length == BYTES ? Optional.of(key) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /**
   * Makes one.
   *
   * @param random a {@code SecureRandom} outside tests
   * @throws io.fabric8.kubernetes.client.KubernetesClientException 409 where there is one
   */
  public byte[] make(ResourceName dispatcher, RandomGenerator random) {
    var key = new byte[BYTES];
    random.nextBytes(key);
    ResourceName name = name(dispatcher);
    byte[] text = Base64.getEncoder().encode(key);
    client
        .secrets()
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withNamespace(name.namespace())
                .withName(name.name())
                .addToLabels(Names.MANAGED_BY_LABEL, Names.MANAGED_BY)
                .endMetadata()
                .withType(TYPE)
                .withData(Map.of(ENTRY, Base64.getEncoder().encodeToString(text)))
                .build())
        .create();
    Arrays.fill(text, (byte) 0);
    return key;
  }
}
