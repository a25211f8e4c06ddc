package dev.posthorn.operator.cluster;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.posthorn.core.resolve.Data;
import dev.posthorn.core.resolve.Kind;
import dev.posthorn.core.resolve.Origin;
import dev.posthorn.core.resolve.Resource;
import dev.posthorn.core.resolve.ResourceRef;
import dev.posthorn.crds.Dispatcher;
import dev.posthorn.crds.DispatcherSpec;
import dev.posthorn.crds.EventStream;
import dev.posthorn.crds.EventStreamSpec;
import dev.posthorn.crds.SignatureScheme;
import dev.posthorn.crds.SignatureSchemeSpec;
import dev.posthorn.crds.SigningSecret;
import dev.posthorn.crds.SigningSecretSpec;
import dev.posthorn.crds.WebhookEndpoint;
import dev.posthorn.crds.WebhookEndpointSpec;
import dev.posthorn.crds.WebhookSource;
import dev.posthorn.crds.WebhookSourceSpec;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.CustomResource;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Objects of the API server as the resolver reads them. */
public final class AsResource {
  private static final JsonMapper JSON = new JsonMapper();

  private AsResource() {}

  /** A WebhookEndpoint. */
  public static Resource<WebhookEndpointSpec> of(WebhookEndpoint object) {
    return of(Kind.WEBHOOK_ENDPOINT, object, WebhookEndpointSpec.class);
  }

  /** A SigningSecret. */
  public static Resource<SigningSecretSpec> of(SigningSecret object) {
    return of(Kind.SIGNING_SECRET, object, SigningSecretSpec.class);
  }

  /** A SignatureScheme. */
  public static Resource<SignatureSchemeSpec> of(SignatureScheme object) {
    return of(Kind.SIGNATURE_SCHEME, object, SignatureSchemeSpec.class);
  }

  /** An EventStream. */
  public static Resource<EventStreamSpec> of(EventStream object) {
    return of(Kind.EVENT_STREAM, object, EventStreamSpec.class);
  }

  /** A WebhookSource. */
  public static Resource<WebhookSourceSpec> of(WebhookSource object) {
    return of(Kind.WEBHOOK_SOURCE, object, WebhookSourceSpec.class);
  }

  /** A Dispatcher. */
  public static Resource<DispatcherSpec> of(Dispatcher object) {
    return of(Kind.DISPATCHER, object, DispatcherSpec.class);
  }

  /** A Secret. */
  static Resource<Data> of(Secret object) {
    return data(Kind.SECRET, object, decoded(object.getData()));
  }

  /** A ConfigMap. */
  static Resource<Data> of(ConfigMap object) {
    Map<String, byte[]> entries = decoded(object.getBinaryData());
    texts(object.getData())
        .forEach((key, text) -> entries.put(key, text.getBytes(StandardCharsets.UTF_8)));
    return data(Kind.CONFIG_MAP, object, entries);
  }

  /** Which object this is. */
  static ResourceRef ref(Kind kind, HasMetadata object) {
    return new ResourceRef(kind, Names.of(object));
  }

  private static <S> Resource<S> of(Kind kind, CustomResource<S, ?> object, Class<S> type) {
    S spec = object.getSpec() == null ? JSON.convertValue(Map.of(), type) : object.getSpec();
    return new Resource<>(
        ref(kind, object), texts(object.getMetadata().getLabels()), spec, Origin.UNKNOWN);
  }

  private static Resource<Data> data(Kind kind, HasMetadata object, Map<String, byte[]> entries) {
    return new Resource<>(
        ref(kind, object),
        texts(object.getMetadata().getLabels()),
        Data.of(entries),
        Origin.UNKNOWN);
  }

  private static Map<String, byte[]> decoded(@Nullable Map<String, String> entries) {
    var decoded = new HashMap<String, byte[]>();
    texts(entries).forEach((key, text) -> decoded.put(key, Base64.getDecoder().decode(text)));
    return decoded;
  }

  private static Map<String, String> texts(@Nullable Map<String, String> map) {
    return Objects.requireNonNullElse(map, Map.of());
  }
}
