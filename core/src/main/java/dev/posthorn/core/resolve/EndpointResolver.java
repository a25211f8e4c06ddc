package dev.posthorn.core.resolve;

import dev.posthorn.core.config.ConfigJson;
import dev.posthorn.core.config.EndpointConfig;
import dev.posthorn.core.config.EndpointConfig.AutoDisable;
import dev.posthorn.core.config.EndpointConfig.Body;
import dev.posthorn.core.config.EndpointConfig.Delivery;
import dev.posthorn.core.config.EndpointConfig.Events;
import dev.posthorn.core.config.EndpointConfig.Ordering;
import dev.posthorn.core.config.EndpointConfig.Rate;
import dev.posthorn.core.config.Target;
import dev.posthorn.core.egress.Verdict;
import dev.posthorn.core.event.BodyFormat;
import dev.posthorn.crds.Reason;
import dev.posthorn.crds.WebhookEndpointSpec;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A WebhookEndpoint -> its config object. For one endpoint. */
final class EndpointResolver {
  private static final int MAX_URL = 2_048;

  private final Resource<WebhookEndpointSpec> endpoint;
  private final WebhookEndpointSpec spec;
  private final Scope scope;
  private final Report report;

  private EndpointResolver(Resource<WebhookEndpointSpec> endpoint, Scope scope, Report report) {
    this.endpoint = endpoint;
    this.spec = endpoint.content();
    this.scope = scope;
    this.report = report;
  }

  /** Empty where something is wrong or missing; {@code report} says what. */
  static Optional<EndpointConfig> resolve(
      Resource<WebhookEndpointSpec> endpoint, Scope scope, Report report) {
    return new EndpointResolver(endpoint, scope, report).resolve();
  }

  private Optional<EndpointConfig> resolve() {
    scope.home().admit(endpoint, spec.dispatcherRef(), report);
    Optional<String> tenant = scope.home().tenant(endpoint, spec.tenant(), report);
    Optional<Target> target = target();
    target.ifPresent(this::judge);
    scope.expressions().filter(spec.events().filter(), "spec.events.filter", report);
    scope.expressions().transform(spec.body().transform(), "spec.body.transform", report);
    var request = new RequestResolver(endpoint, scope, report);
    var signatures = request.signatures();
    var headers = request.headers();
    var tls = request.tls();
    if (!report.complete() || tenant.isEmpty() || target.isEmpty()) {
      return Optional.empty();
    }
    var config =
        new EndpointConfig(
            endpoint.ref().name(),
            tenant.get(),
            target.get(),
            spec.suspend(),
            new Events(spec.events().types(), spec.events().filter()),
            new Body(format(spec.body().format()), spec.body().transform()),
            signatures,
            headers,
            delivery(),
            RetryResolver.resolve(spec.retry()),
            autoDisable(),
            tls);
    return fits(config) ? Optional.of(config) : Optional.empty();
  }

  private Optional<Target> target() {
    String url = spec.url();
    WebhookEndpointSpec.UrlSource source = spec.urlFrom();
    if (url != null || source == null) {
      return Optional.ofNullable(url).map(given -> new Target(given, false));
    }
    var ref = source.secretKeyRef();
    String field = "spec.urlFrom.secretKeyRef";
    return scope
        .lookup()
        .entry(Lookup.secret(endpoint.namespace(), ref), ref.key(), field, report)
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8).strip())
        .filter(text -> isShort(text, field))
        .map(text -> new Target(text, true));
  }

  private boolean isShort(String url, String field) {
    if (url.isEmpty() || url.length() > MAX_URL) {
      report.error(
          field,
          Cause.Refusal.UnusableContent,
          "the entry holds no URL of at most " + MAX_URL + " characters; put one there");
      return false;
    }
    return true;
  }

  private void judge(Target target) {
    if (scope.guard().judgeUrl(target.url(), endpoint.namespace())
        instanceof Verdict.Denied denied) {
      report.error(
          target.secret() ? "spec.urlFrom" : "spec.url",
          Reason.EgressDenied,
          scope.forTenants() ? Verdict.FOR_TENANTS : withCure(denied.sentence()));
    }
  }

  private static String withCure(String sentence) {
    return sentence.contains(";")
        ? sentence
        : sentence + "; use a public https URL, or have the platform open it for egress";
  }

  private static BodyFormat format(WebhookEndpointSpec.BodyFormat format) {
    return switch (format) {
      case Envelope -> BodyFormat.ENVELOPE;
      case Data -> BodyFormat.DATA;
      case CloudEvents -> BodyFormat.CLOUD_EVENTS;
      case CloudEventsBinary -> BodyFormat.CLOUD_EVENTS_BINARY;
    };
  }

  private Delivery delivery() {
    WebhookEndpointSpec.Delivery delivery = spec.delivery();
    WebhookEndpointSpec.Rate rate = delivery.rate();
    Ordering ordering =
        switch (delivery.ordering()) {
          case None -> Ordering.NONE;
          case Endpoint -> Ordering.ENDPOINT;
        };
    return new Delivery(
        delivery.timeoutSeconds(),
        delivery.maxConcurrency(),
        ordering,
        rate == null ? null : new Rate(rate.requests(), rate.perSeconds()));
  }

  private AutoDisable autoDisable() {
    WebhookEndpointSpec.AutoDisable wish = spec.autoDisable();
    Long after =
        switch (wish.mode()) {
          case AfterFailing -> Long.valueOf(wish.afterFailingSeconds());
          case Never -> null;
        };
    return new AutoDisable(after, time(wish.ignoreFailuresBefore()));
  }

  private static @Nullable Instant time(@Nullable String text) {
    return text == null ? null : OffsetDateTime.parse(text).toInstant();
  }

  private boolean fits(EndpointConfig config) {
    int bytes = ConfigJson.write(config).length;
    if (bytes <= ConfigJson.MAX_BYTES) {
      return true;
    }
    report.error(
        "spec",
        Reason.TooLarge,
        "is with all it refers to "
            + bytes
            + " bytes, at most "
            + ConfigJson.MAX_BYTES
            + "; use fewer or shorter headers and certificates");
    return false;
  }
}
