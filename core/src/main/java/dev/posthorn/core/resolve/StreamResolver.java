package dev.posthorn.core.resolve;

import dev.posthorn.core.config.StreamConfig;
import dev.posthorn.core.config.StreamConfig.Credentials;
import dev.posthorn.core.config.StreamConfig.Format;
import dev.posthorn.core.config.StreamConfig.Mapping;
import dev.posthorn.core.config.StreamConfig.StartFrom;
import dev.posthorn.core.egress.Verdict;
import dev.posthorn.core.expression.MappingExpressions;
import dev.posthorn.crds.EventStreamSpec;
import dev.posthorn.crds.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An EventStream -> its config object. For one stream. */
final class StreamResolver {
  private static final EventStreamSpec.Mapping NO_MAPPING =
      new EventStreamSpec.Mapping(null, null, null, null, null);

  private final Resource<EventStreamSpec> stream;
  private final EventStreamSpec spec;
  private final Scope scope;
  private final Report report;

  private StreamResolver(Resource<EventStreamSpec> stream, Scope scope, Report report) {
    this.stream = stream;
    this.spec = stream.content();
    this.scope = scope;
    this.report = report;
  }

  /** Empty where something is wrong or missing; {@code report} says what. */
  static Optional<StreamConfig> resolve(
      Resource<EventStreamSpec> stream, Scope scope, Report report) {
    NotBuilt.refuseStream(stream.content(), report);
    return new StreamResolver(stream, scope, report).resolve();
  }

  private Optional<StreamConfig> resolve() {
    scope.home().admit(stream, spec.dispatcherRef(), report);
    Optional<String> tenant = scope.home().tenantOfStream(stream);
    Mapping mapping = mapping(tenant.isPresent());
    scope.expressions().filter(spec.filter(), "spec.filter", report);
    EventStreamSpec.Redis redis = spec.redis();
    if (redis == null) {
      return Optional.empty();
    }
    boolean guarded = scope.home().guardsBrokerOf(stream);
    if (guarded) {
      judge(redis.address());
    }
    var source = redis(redis);
    if (!report.complete()) {
      return Optional.empty();
    }
    return Optional.of(
        new StreamConfig(
            stream.ref().name(),
            spec.suspend(),
            tenant.orElse(null),
            guarded,
            source,
            format(),
            mapping,
            spec.filter()));
  }

  private Format format() {
    return switch (spec.format()) {
      case CloudEvents -> Format.CLOUD_EVENTS;
      case Json -> Format.JSON;
      case Fields -> Format.FIELDS;
    };
  }

  /** The schema has seen that it is host and port. */
  private void judge(String address) {
    int colon = address.lastIndexOf(':');
    int port = Integer.parseInt(address.substring(colon + 1));
    if (scope.guard().judgeName(address.substring(0, colon), port, stream.namespace())
        instanceof Verdict.Denied denied) {
      report.error(
          "spec.redis.address",
          Reason.EgressDenied,
          scope.forTenants() ? Verdict.FOR_TENANTS : denied.sentence());
    }
  }

  private StreamConfig.Redis redis(EventStreamSpec.Redis redis) {
    StartFrom startFrom =
        switch (redis.startFrom()) {
          case End -> StartFrom.END;
          case Beginning -> StartFrom.BEGINNING;
        };
    String group = "posthorn." + stream.namespace() + "." + stream.ref().name().name();
    return new StreamConfig.Redis(
        redis.address(),
        redis.tls(),
        credentials(redis),
        redis.stream(),
        Objects.requireNonNullElse(redis.group(), group),
        startFrom);
  }

  private @Nullable Credentials credentials(EventStreamSpec.Redis redis) {
    if (redis.credentialsRef() == null) {
      return null;
    }
    String field = "spec.redis.credentialsRef";
    ResourceRef secret = Lookup.secret(stream.namespace(), redis.credentialsRef().name());
    Optional<Data> data = scope.lookup().object(secret, field, report);
    Optional<String> password = data.flatMap(entries -> text(entries, "password"));
    if (data.isPresent() && password.isEmpty()) {
      report.error(
          field,
          Reason.SecretKeyMissing,
          "Secret " + secret.name() + " has no entry \"password\"; add it");
    }
    Optional<String> user = data.flatMap(entries -> text(entries, "username"));
    return password.map(given -> new Credentials(user.orElse(null), given)).orElse(null);
  }

  private static Optional<String> text(Data data, String key) {
    return data.get(key).map(bytes -> new String(bytes, StandardCharsets.UTF_8).strip());
  }

  /** Null where a reader of the format finds all parts; otherwise complete. */
  private @Nullable Mapping mapping(boolean tenantIsFixed) {
    boolean fields = spec.format() == EventStreamSpec.Format.Fields;
    if (spec.mapping() == null && !fields) {
      return null;
    }
    var given = Objects.requireNonNullElse(spec.mapping(), NO_MAPPING);
    if (tenantIsFixed && given.tenant() != null) {
      report.error(
          "spec.mapping.tenant",
          Reason.TenantNotAllowed,
          "only a stream in namespace "
              + scope.home().namespace()
              + " may name tenants: here the namespace is the tenant; remove it");
    }
    var mapping =
        new Mapping(
            tenantIsFixed ? null : Objects.requireNonNullElse(given.tenant(), "record.tenant"),
            Objects.requireNonNullElse(given.type(), "record.type"),
            Objects.requireNonNullElse(given.id(), optional("id")),
            Objects.requireNonNullElse(given.time(), optional("time")),
            Objects.requireNonNullElse(given.data(), optional("data")));
    scope
        .expressions()
        .mapping(
            new MappingExpressions(
                mapping.tenant(), mapping.type(), mapping.id(), mapping.time(), mapping.data()),
            "spec.mapping",
            report);
    return mapping;
  }

  private static String optional(String field) {
    return "has(record." + field + ") ? record." + field + " : null";
  }
}
