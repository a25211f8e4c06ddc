package dev.posthorn.operator.cluster;

import dev.posthorn.core.config.ConfigJson;
import dev.posthorn.core.config.ConfigObject;
import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.resolve.Kind;
import dev.posthorn.core.resolve.ResourceRef;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A config object as a Secret, and back. Pure.
 *
 * @param namespace of the Dispatcher
 * @param kind which of the kinds
 * @param source what it was made from
 * @param config the content
 * @param token by which a dispatcher knows the operator; in its settings alone
 */
public record ConfigSecret(
    String namespace,
    ConfigObject kind,
    ResourceRef source,
    Record config,
    @Nullable String token) {

  /** One without a token. */
  public ConfigSecret(String namespace, ConfigObject kind, ResourceRef source, Record config) {
    this(namespace, kind, source, config, null);
  }

  /** Where it is stored. */
  public ResourceName name() {
    return name(namespace, kind, source.name());
  }

  /** Where the config object of {@code source} is stored. */
  public static ResourceName name(String namespace, ConfigObject kind, ResourceName source) {
    return new ResourceName(namespace, kind.secretName(source));
  }

  /** What a Secret with a config object was made from; empty where somebody else made it. */
  public static Optional<ResourceRef> source(Secret secret) {
    return Optional.ofNullable(secret.getMetadata().getAnnotations())
        .flatMap(annotations -> Optional.ofNullable(annotations.get(Names.SOURCE_ANNOTATION)))
        .map(text -> text.split("/", -1))
        .filter(parts -> parts.length == 3)
        .flatMap(parts ->
            Stream.of(Kind.values())
                .filter(kind -> kind.title().equals(parts[0]))
                .map(kind -> new ResourceRef(kind, new ResourceName(parts[1], parts[2])))
                .findFirst());
  }

  /** The content of a Secret; empty where it is damaged or of another kind. */
  public static <T extends Record> Optional<T> read(Secret secret, Class<T> type) {
    return Optional.ofNullable(secret.getData())
        .flatMap(data -> Optional.ofNullable(data.get(ConfigObject.ENTRY)))
        .flatMap(text -> ConfigJson.read(Base64.getDecoder().decode(text), type));
  }

  /** The token in a Secret with settings. */
  public static Optional<String> token(Secret secret) {
    return Optional.ofNullable(secret.getData())
        .flatMap(data -> Optional.ofNullable(data.get(ConfigObject.TOKEN_ENTRY)))
        .map(text -> new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8));
  }

  /** No token and no key. */
  @Override
  public String toString() {
    return kind.word() + " of " + source;
  }

  /** The Secret as it has to be. */
  Secret secret(ConfigMap root) {
    byte[] json = ConfigJson.write(config);
    String text = Base64.getEncoder().encodeToString(json);
    Arrays.fill(json, (byte) 0);
    var data = new TreeMap<String, String>();
    data.put(ConfigObject.ENTRY, text);
    if (token != null) {
      data.put(
          ConfigObject.TOKEN_ENTRY,
          Base64.getEncoder().encodeToString(token.getBytes(StandardCharsets.UTF_8)));
    }
    ResourceName name = name();
    return new SecretBuilder()
        .withNewMetadata()
        .withNamespace(name.namespace())
        .withName(name.name())
        .addToLabels(ConfigObject.LABEL, kind.word())
        .addToLabels(Names.MANAGED_BY_LABEL, Names.MANAGED_BY)
        .addToLabels(Names.NO_BACKUP_LABEL, "true")
        .addToAnnotations(Names.SOURCE_ANNOTATION, source.kind().title() + "/" + source.name())
        .withOwnerReferences(
            new OwnerReferenceBuilder()
                .withApiVersion("v1")
                .withKind("ConfigMap")
                .withName(root.getMetadata().getName())
                .withUid(root.getMetadata().getUid())
                .build())
        .endMetadata()
        .withType(ConfigObject.TYPE)
        .withData(data)
        .build();
  }

  /** Whether {@code stored} is as {@code wanted} in all that the operator cares for. */
  static boolean same(Secret stored, Secret wanted) {
    return Objects.equals(stored.getData(), wanted.getData())
        && Objects.equals(stored.getMetadata().getLabels(), wanted.getMetadata().getLabels())
        && Objects.equals(
            stored.getMetadata().getAnnotations(), wanted.getMetadata().getAnnotations())
        && Objects.equals(
            stored.getMetadata().getOwnerReferences(), wanted.getMetadata().getOwnerReferences());
  }
}
