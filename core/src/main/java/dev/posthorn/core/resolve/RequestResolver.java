package dev.posthorn.core.resolve;

import dev.posthorn.core.config.EndpointConfig.Header;
import dev.posthorn.core.config.EndpointConfig.Signature;
import dev.posthorn.core.config.KeysConfig;
import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.config.Tls;
import dev.posthorn.core.keyring.KeyMaterial;
import dev.posthorn.core.keyring.KeyVersion;
import dev.posthorn.core.signing.KeyReading;
import dev.posthorn.core.signing.Scheme;
import dev.posthorn.core.signing.SchemeFinding;
import dev.posthorn.core.signing.SigningKey;
import dev.posthorn.crds.ConfigKeyRef;
import dev.posthorn.crds.ObjectRef;
import dev.posthorn.crds.Reason;
import dev.posthorn.crds.SecretRef;
import dev.posthorn.crds.WebhookEndpointSpec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What an endpoint's requests carry: signatures, headers, certificates. For one endpoint. */
final class RequestResolver {
  private static final int MAX_HEADER_VALUE = 4_096;
  private static final SchemeFinding PUBLIC_KEY =
      new SchemeFinding("key", "the secret is a public key, which only verifies: keep the private");

  private final Resource<WebhookEndpointSpec> endpoint;
  private final WebhookEndpointSpec spec;
  private final Scope scope;
  private final Report report;

  /** Names of the headers that the schemes set, in lower case, with the scheme. */
  private final Map<String, String> signatureHeaders = new HashMap<>();

  /** Those before, by their names. */
  private final Map<String, Scheme> schemes = new TreeMap<>();

  RequestResolver(Resource<WebhookEndpointSpec> endpoint, Scope scope, Report report) {
    this.endpoint = endpoint;
    this.spec = endpoint.content();
    this.scope = scope;
    this.report = report;
  }

  List<Signature> signatures() {
    var signatures = new ArrayList<Signature>();
    for (int i = 0; i < spec.signatures().size(); i++) {
      WebhookEndpointSpec.Signature signature = spec.signatures().get(i);
      String field = FieldPath.item("spec.signatures", i);
      Optional<Scheme> scheme =
          scope.schemes().signing(signature.scheme(), FieldPath.field(field, "scheme"), report);
      ResourceName keys =
          keys(signature.signingSecretRef(), scheme, FieldPath.field(field, "signingSecretRef"));
      scheme.ifPresent(found -> claimHeaders(signature.scheme(), found, field));
      signatures.add(new Signature(signature.scheme(), keys));
    }
    return signatures;
  }

  private @Nullable ResourceName keys(
      @Nullable ObjectRef ref, Optional<Scheme> scheme, String field) {
    if (ref == null) {
      return null;
    }
    var name = new ResourceName(endpoint.namespace(), ref.name());
    if (!scope.signingSecrets().test(name)) {
      report.error(
          field,
          Reason.SigningSecretNotFound,
          "SigningSecret " + name + " is not there; create it or correct the name");
    }
    Optional<KeysConfig> keys = scope.keys().apply(name);
    scheme.ifPresent(found -> keys.ifPresent(each -> checkKeys(found, each, field)));
    return name;
  }

  /** The newest key stands for all: a secret whose form changes is a mistake worth telling. */
  private void checkKeys(Scheme scheme, KeysConfig keys, String field) {
    Optional<KeyMaterial> newest =
        keys.keyring().versions().reversed().stream()
            .map(KeyVersion::material)
            .flatMap(material -> Optional.ofNullable(material).stream())
            .findFirst();
    newest
        .flatMap(material -> complaint(scheme, material))
        .ifPresent(finding ->
            report.error(
                field,
                Cause.Refusal.UnusableContent,
                "the key does not fit the scheme: " + finding.message()));
  }

  private static Optional<SchemeFinding> complaint(Scheme scheme, KeyMaterial material) {
    byte[] bytes = material.bytes();
    try {
      return switch (scheme.key(bytes)) {
        case KeyReading.Unusable(SchemeFinding finding) -> Optional.of(finding);
        case KeyReading.Usable(SigningKey key) -> {
          try (key) {
            yield key.signs() ? Optional.empty() : Optional.of(PUBLIC_KEY);
          }
        }
      };
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  /** Two schemes that cannot share a header would each spoil what the other's receiver reads. */
  private void claimHeaders(String name, Scheme scheme, String field) {
    schemes.forEach((other, earlier) -> {
      List<String> clashes = scheme.clashes(earlier);
      if (!clashes.isEmpty()) {
        report.error(
            FieldPath.field(field, "scheme"),
            Cause.Refusal.HeaderConflict,
            "scheme "
                + name
                + " sets "
                + String.join(", ", clashes)
                + ", as scheme "
                + other
                + " does; keep one of them, and use the other in a second WebhookEndpoint");
      }
    });
    schemes.put(name, scheme);
    for (String header : scheme.headerNames()) {
      signatureHeaders.putIfAbsent(header.toLowerCase(Locale.ROOT), name);
    }
  }

  /** To be asked after {@link #signatures}. */
  List<Header> headers() {
    var headers = new ArrayList<Header>();
    for (int i = 0; i < spec.headers().size(); i++) {
      WebhookEndpointSpec.Header header = spec.headers().get(i);
      String field = FieldPath.item("spec.headers", i);
      String name = header.name().toLowerCase(Locale.ROOT);
      String scheme = signatureHeaders.get(name);
      if (scheme != null) {
        report.error(
            FieldPath.field(field, "name"),
            Cause.Refusal.HeaderConflict,
            "the signature scheme " + scheme + " sets this header itself; remove it");
      }
      value(header, field)
          .ifPresent(value -> headers.add(new Header(name, value, header.valueFrom() != null)));
    }
    return headers;
  }

  private Optional<String> value(WebhookEndpointSpec.Header header, String field) {
    WebhookEndpointSpec.ValueSource source = header.valueFrom();
    if (source == null) {
      return Optional.ofNullable(header.value());
    }
    var ref = source.secretKeyRef();
    String at = FieldPath.field(field, "valueFrom.secretKeyRef");
    return scope
        .lookup()
        .entry(Lookup.secret(endpoint.namespace(), ref), ref.key(), at, report)
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8).strip())
        .filter(text -> isHeaderValue(text, at));
  }

  private boolean isHeaderValue(String text, String field) {
    boolean good =
        text.length() <= MAX_HEADER_VALUE
            && text.chars().allMatch(c -> c == '\t' || (c >= ' ' && c < 0x7f));
    if (!good) {
      report.error(
          field,
          Cause.Refusal.UnusableContent,
          "the entry is no header value: at most "
              + MAX_HEADER_VALUE
              + " visible ASCII characters on one line");
    }
    return good;
  }

  Tls tls() {
    WebhookEndpointSpec.Tls tls = spec.tls();
    Tls.Version minVersion =
        switch (tls.minVersion()) {
          case TLS_1_2 -> Tls.Version.TLS_1_2;
          case TLS_1_3 -> Tls.Version.TLS_1_3;
        };
    return new Tls(authorities(tls.caRef()), client(tls.clientCertificateRef()), minVersion);
  }

  private @Nullable String authorities(@Nullable ConfigKeyRef ref) {
    if (ref == null) {
      return null;
    }
    Kind kind =
        switch (ref.kind()) {
          case ConfigMap -> Kind.CONFIG_MAP;
          case Secret -> Kind.SECRET;
        };
    var object = new ResourceRef(kind, new ResourceName(endpoint.namespace(), ref.name()));
    return scope
        .lookup()
        .entry(object, ref.key(), "spec.tls.caRef", report)
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
        .filter(pem -> Certificates.check(pem, ref.key(), "spec.tls.caRef", report))
        .orElse(null);
  }

  private Tls.@Nullable ClientCertificate client(@Nullable SecretRef ref) {
    if (ref == null) {
      return null;
    }
    String field = "spec.tls.clientCertificateRef";
    ResourceRef secret = Lookup.secret(endpoint.namespace(), ref.name());
    Optional<String> chain = pem(secret, "tls.crt", field);
    if (chain.isEmpty()) {
      return null;
    }
    Optional<String> key = pem(secret, "tls.key", field);
    boolean good =
        Certificates.check(chain.get(), "tls.crt", field, report)
            && key.isPresent()
            && Certificates.checkKey(key.get(), "tls.key", field, report);
    return good ? new Tls.ClientCertificate(chain.get(), key.get()) : null;
  }

  private Optional<String> pem(ResourceRef secret, String key, String field) {
    return scope
        .lookup()
        .entry(secret, key, field, report)
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8));
  }
}
