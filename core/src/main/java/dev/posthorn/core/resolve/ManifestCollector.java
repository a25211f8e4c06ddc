package dev.posthorn.core.resolve;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.posthorn.core.resolve.Finding.Severity;
import dev.posthorn.crds.DispatcherSpec;
import dev.posthorn.crds.EventStreamSpec;
import dev.posthorn.crds.SignatureSchemeSpec;
import dev.posthorn.crds.SigningSecretSpec;
import dev.posthorn.crds.WebhookEndpointSpec;
import dev.posthorn.crds.WebhookSourceSpec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Gathers what a reader finds: objects by kind, each once, and findings. For one reading. */
final class ManifestCollector {
  private final JsonMapper json;
  private final List<Finding> findings = new ArrayList<>();
  private final Map<ResourceRef, Origin> seen = new HashMap<>();
  private final List<Resource<WebhookEndpointSpec>> endpoints = new ArrayList<>();
  private final List<Resource<SigningSecretSpec>> signingSecrets = new ArrayList<>();
  private final List<Resource<SignatureSchemeSpec>> schemes = new ArrayList<>();
  private final List<Resource<EventStreamSpec>> streams = new ArrayList<>();
  private final List<Resource<WebhookSourceSpec>> sources = new ArrayList<>();
  private final List<Resource<DispatcherSpec>> dispatchers = new ArrayList<>();
  private final List<Resource<Data>> secrets = new ArrayList<>();
  private final List<Resource<Data>> configMaps = new ArrayList<>();

  ManifestCollector(JsonMapper json) {
    this.json = json;
  }

  Manifests manifests() {
    var resources =
        new Resources(
            endpoints, signingSecrets, schemes, streams, sources, dispatchers, secrets, configMaps);
    return new Manifests(resources, findings);
  }

  void refuse(
      @Nullable ResourceRef object, Place place, String field, Cause cause, String message) {
    findings.add(new Finding(Severity.ERROR, object, place, field, cause, message));
  }

  /** Whether {@code ref} is read for the first time; otherwise there is a finding. */
  boolean isNew(ResourceRef ref, Origin origin) {
    Origin first = seen.putIfAbsent(ref, origin);
    if (first == null) {
      return true;
    }
    refuse(
        ref,
        origin.at("metadata.name").orElseThrow(),
        "metadata.name",
        Cause.Manifest.Duplicate,
        "namespace and name are taken by "
            + first.at("metadata.name").map(Place::toString).orElse("another object")
            + "; remove one of both");
    return false;
  }

  /** Takes an object that keeps its schema. */
  void add(ResourceRef ref, Map<?, ?> object, Origin origin) {
    switch (ref.kind()) {
      case WEBHOOK_ENDPOINT -> endpoints.add(spec(ref, object, origin, WebhookEndpointSpec.class));
      case SIGNING_SECRET -> signingSecrets.add(spec(ref, object, origin, SigningSecretSpec.class));
      case SIGNATURE_SCHEME -> schemes.add(spec(ref, object, origin, SignatureSchemeSpec.class));
      case EVENT_STREAM -> streams.add(spec(ref, object, origin, EventStreamSpec.class));
      case WEBHOOK_SOURCE -> sources.add(spec(ref, object, origin, WebhookSourceSpec.class));
      case DISPATCHER -> dispatchers.add(spec(ref, object, origin, DispatcherSpec.class));
      case SECRET -> secrets.add(data(ref, object, origin, "data", "stringData"));
      case CONFIG_MAP -> configMaps.add(data(ref, object, origin, "binaryData", "data"));
    }
  }

  private <T> Resource<T> spec(ResourceRef ref, Map<?, ?> object, Origin origin, Class<T> type) {
    Object spec = object.containsKey("spec") ? object.get("spec") : Map.of();
    return new Resource<>(ref, labels(object), json.convertValue(spec, type), origin);
  }

  private Resource<Data> data(
      ResourceRef ref, Map<?, ?> object, Origin origin, String encoded, String plain) {
    var entries = new TreeMap<String, byte[]>();
    texts(object.get(encoded))
        .forEach((key, text) -> entries.put(key, decode(ref, origin, encoded + "." + key, text)));
    texts(object.get(plain))
        .forEach((key, text) -> entries.put(key, text.getBytes(StandardCharsets.UTF_8)));
    return new Resource<>(ref, labels(object), Data.of(entries), origin);
  }

  private byte[] decode(ResourceRef ref, Origin origin, String field, String text) {
    try {
      return Base64.getDecoder().decode(text.replaceAll("[\\r\\n]", ""));
    } catch (IllegalArgumentException e) {
      refuse(
          ref,
          origin.at(field).orElseThrow(),
          field,
          Cause.Manifest.InvalidField,
          "is not base64; use stringData for plain text");
      return new byte[0];
    }
  }

  private static Map<String, String> labels(Map<?, ?> object) {
    return object.get("metadata") instanceof Map<?, ?> metadata
        ? texts(metadata.get("labels"))
        : Map.of();
  }

  private static Map<String, String> texts(@Nullable Object map) {
    var texts = new TreeMap<String, String>();
    if (map instanceof Map<?, ?> entries) {
      entries.forEach((key, value) -> texts.put(String.valueOf(key), String.valueOf(value)));
    }
    return texts;
  }
}
