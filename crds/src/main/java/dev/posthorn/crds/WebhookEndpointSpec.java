package dev.posthorn.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a user wants of one receiver. */
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
    value = "has(self.url) != has(self.urlFrom)",
    message = "give exactly one of url and urlFrom")
@ValidationRule(
    value =
        "has(self.dispatcherRef) == has(oldSelf.dispatcherRef) && (!has(self.dispatcherRef) || self.dispatcherRef == oldSelf.dispatcherRef)",
    message = "dispatcherRef is immutable: delete the object and create it again to move it")
@ValidationRule(
    value = "!self.signatures.exists(s, s.scheme == 'none') || self.signatures.size() == 1",
    message = "signatures: none stands alone: remove it or remove the other schemes")
@ValidationRule(
    value =
        "!has(self.headers) || self.headers.all(h, self.headers.exists_one(o, o.name.lowerAscii() == h.name.lowerAscii()))",
    message = "headers: names must differ by more than case: remove the repeated header")
public record WebhookEndpointSpec(
    @JsonPropertyDescription(
            "The Dispatcher that delivers; absent means default in the own namespace; immutable.")
        @Nullable DispatcherRef dispatcherRef,
    @JsonPropertyDescription(
            "Tenant whose events are delivered, only where the Dispatcher's tenancy is Field; otherwise absent, the namespace is the tenant.")
        @Size(min = 1, max = Bounds.LABEL_MAX)
        @Pattern(Bounds.TENANT)
        @Nullable String tenant,
    @JsonPropertyDescription(
            "Where deliveries are posted to: an http or https URL of at most 2048 characters, without user or fragment.")
        @Size(min = 1, max = Bounds.URL_MAX)
        @Pattern(Bounds.URL)
        @Nullable String url,
    @JsonPropertyDescription(
            "Where the URL is read from when it is itself a credential; logs and status then show its origin only.")
        @Nullable UrlSource urlFrom,
    @JsonPropertyDescription("A note for people, at most 1024 characters.") @Size(max = 1024)
        @Nullable String description,
    @JsonPropertyDescription(
            "true: nothing is sent, deliveries wait and do not age; false by default.")
        boolean suspend,
    @JsonPropertyDescription("Which events are delivered.") Events events,
    @JsonPropertyDescription("What the request's body is.") Body body,
    @JsonPropertyDescription(
            "How requests are signed: 1 to 4 schemes, several at once while a receiver changes over, or none alone.")
        @Size(min = 1, max = 4)
        @Listing(key = "scheme")
        List<Signature> signatures,
    @JsonPropertyDescription("Headers added to every request, at most 32.")
        @Size(max = 32)
        @Listing(key = "name")
        List<Header> headers,
    @JsonPropertyDescription("Limits of sending.") Delivery delivery,
    @JsonPropertyDescription("When a failed delivery is tried again, and when it is given up.")
        Retry retry,
    @JsonPropertyDescription("When a receiver that only fails is left alone.")
        AutoDisable autoDisable,
    @JsonPropertyDescription("TLS towards the receiver.") Tls tls) {

  /** Fills in what is absent. */
  public WebhookEndpointSpec {
    body = Absent.or(body, new Body(BodyFormat.Envelope, null));
    signatures = Absent.list(signatures);
    headers = Absent.list(headers);
    delivery =
        Absent.or(
            delivery,
            new Delivery(Delivery.TIMEOUT_SECONDS, Delivery.MAX_CONCURRENCY, Ordering.None, null));
    retry = Absent.or(retry, new Retry(Retry.MAX_AGE_SECONDS, List.of(), null, null));
    autoDisable =
        Absent.or(
            autoDisable,
            new AutoDisable(
                AutoDisable.Mode.AfterFailing, AutoDisable.AFTER_FAILING_SECONDS, null));
    tls = Absent.or(tls, new Tls(null, null, Tls.Version.TLS_1_2));
  }

  /** A URL that is itself a credential, as Slack's and Zapier's are. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record UrlSource(
      @JsonPropertyDescription("The entry of a Secret that holds the URL.")
          SecretKeyRef secretKeyRef) {}

  /** Which events are delivered: those of a type that the filter, where there is one, accepts. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Events(
      @JsonPropertyDescription(
              "Event types: exact, prefix.* (all that begin with prefix.) or *; 1 to 256 of at most 256 characters; posthorn.* only when named.")
          @Size(min = 1, max = 256)
          List<@Size(min = 1, max = 256) @Pattern("^(\\*|[^*\\s]+|[^*\\s]+\\.\\*)$") String> types,
      @JsonPropertyDescription(
              "CEL over event that must be true for a delivery, at most 4096 characters; an error counts as no match.")
          @Size(min = 1, max = Bounds.EXPRESSION_MAX)
          @Nullable String filter) {
    /** Fills in what is absent. */
    public Events {
      types = Absent.list(types);
    }
  }

  /** What the request's body is. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Body(
      @JsonPropertyDescription(
              "Envelope (default: id, type, timestamp, data), Data (the bytes as published), CloudEvents or CloudEventsBinary.")
          BodyFormat format,
      @JsonPropertyDescription(
              "CEL over event whose value, as JSON, is the body, at most 4096 characters; an error is retried as payload_error.")
          @Size(min = 1, max = Bounds.EXPRESSION_MAX)
          @Nullable String transform) {
    /** Fills in what is absent. */
    public Body {
      format = Absent.or(format, BodyFormat.Envelope);
    }
  }

  /** The form of a body. */
  public enum BodyFormat {
    /** {@code {id, type, timestamp, data}}. */
    Envelope,
    /** The bytes as they were published. */
    Data,
    /** A structured CloudEvent in JSON. */
    CloudEvents,
    /** A CloudEvent in binary mode: attributes as headers, data as body. */
    CloudEventsBinary
  }

  /** One scheme and the keys it signs with. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @ValidationRule(
      value = "self.scheme == 'none' || has(self.signingSecretRef)",
      message = "signingSecretRef is missing: only the scheme none signs without keys")
  @ValidationRule(
      value = "self.scheme != 'none' || !has(self.signingSecretRef)",
      message = "signingSecretRef must be absent with the scheme none")
  public record Signature(
      @JsonPropertyDescription(
              "Name of a built-in scheme such as standard-webhooks, of a SignatureScheme (its name has a dot), or none for unsigned.")
          @Size(min = 1, max = Bounds.LABEL_MAX)
          @Pattern(Bounds.SUBDOMAIN)
          String scheme,
      @JsonPropertyDescription("The SigningSecret whose keys sign; absent with none.")
          @Nullable ObjectRef signingSecretRef) {}

  /** A header of every request. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @ValidationRule(
      value = "has(self.value) != has(self.valueFrom)",
      message = "give exactly one of value and valueFrom")
  @ValidationRule(
      value =
          "!(self.name.lowerAscii() in ['host', 'content-length', 'content-type', 'connection', 'keep-alive', 'proxy-connection', 'proxy-authenticate', 'proxy-authorization', 'te', 'trailer', 'transfer-encoding', 'upgrade']) && !self.name.lowerAscii().startsWith('posthorn-')",
      message =
          "this header belongs to the connection or to Posthorn: host, content-length, content-type, hop-by-hop headers and posthorn-* cannot be set")
  public record Header(
      @JsonPropertyDescription(
              "Name of the header, unique without regard to case, at most 128 characters; not host, content-length, content-type, hop-by-hop or posthorn-*.")
          @Size(min = 1, max = Bounds.TOKEN_MAX)
          @Pattern(Bounds.TOKEN)
          String name,
      @JsonPropertyDescription("The value, at most 4096 characters, without control characters.")
          @Size(max = Bounds.HEADER_VALUE_MAX)
          @Pattern(Bounds.HEADER_VALUE)
          @Nullable String value,
      @JsonPropertyDescription("Where a value that is secret is read from; logs never show it.")
          @Nullable ValueSource valueFrom) {}

  /** A header's value that is secret. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record ValueSource(
      @JsonPropertyDescription("The entry of a Secret that holds the value.")
          SecretKeyRef secretKeyRef) {}

  /** Limits of sending to one receiver. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Delivery(
      @JsonPropertyDescription(
              "Seconds after which a request is given up and counts as failed, 1 to 300; 15 by default.")
          @Min(1)
          @Max(300)
          Integer timeoutSeconds,
      @JsonPropertyDescription(
              "Requests in flight at once, 1 to 1000; 10 by default; adapts downwards while the receiver struggles.")
          @Min(1)
          @Max(1000)
          Integer maxConcurrency,
      @JsonPropertyDescription(
              "None (default) or Endpoint: one request at a time in the order of acceptance, a failing delivery holds the next.")
          Ordering ordering,
      @JsonPropertyDescription("Requests allowed in a time; absent means unlimited.")
          @Nullable Rate rate) {
    static final int TIMEOUT_SECONDS = 15;
    static final int MAX_CONCURRENCY = 10;

    /** Fills in what is absent. */
    public Delivery {
      timeoutSeconds = Absent.or(timeoutSeconds, TIMEOUT_SECONDS);
      maxConcurrency = Absent.or(maxConcurrency, MAX_CONCURRENCY);
      ordering = Absent.or(ordering, Ordering.None);
    }
  }

  /** Whether deliveries of one endpoint keep their order. */
  public enum Ordering {
    /** As fast as limits allow. */
    None,
    /** One at a time, in the order of acceptance. */
    Endpoint
  }

  /** So many requests in any time of so many seconds. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Rate(
      @JsonPropertyDescription("Requests allowed in perSeconds, 1 to 100000.") @Min(1) @Max(100_000)
          Integer requests,
      @JsonPropertyDescription("Length of the period in seconds, 1 to 86400; 1 by default.")
          @Min(1)
          @Max(Bounds.DAY_SECONDS)
          Integer perSeconds) {
    /** Fills in what is absent. */
    public Rate {
      perSeconds = Absent.or(perSeconds, 1);
    }
  }

  /**
   * When a failed delivery is tried again. With neither schedule nor backoff the default schedule
   * of about 75 h applies.
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @ValidationRule(
      value = "!has(self.scheduleSeconds) || (!has(self.maxAttempts) && !has(self.backoff))",
      message = "give either scheduleSeconds, or maxAttempts and backoff, not both")
  public record Retry(
      @JsonPropertyDescription(
              "Seconds after acceptance when a delivery becomes a dead letter, 1 to 2592000; 432000 (5 days) by default.")
          @Min(1)
          @Max(Bounds.MONTH_SECONDS)
          Integer maxAgeSeconds,
      @JsonPropertyDescription(
              "Seconds to wait before each further attempt, 1 to 64 delays of 1 to 604800; k delays allow k + 1 attempts.")
          @Size(max = 64)
          @Listing
          List<@Min(1) @Max(604_800) Integer> scheduleSeconds,
      @JsonPropertyDescription(
              "Attempts after which a delivery becomes a dead letter, 1 to 1000; absent means until maxAgeSeconds.")
          @Min(1)
          @Max(1000)
          @Nullable Integer maxAttempts,
      @JsonPropertyDescription("Growing delays between attempts, instead of a schedule.")
          @Nullable Backoff backoff) {
    static final int MAX_AGE_SECONDS = 432_000;

    /** Fills in what is absent. */
    public Retry {
      maxAgeSeconds = Absent.or(maxAgeSeconds, MAX_AGE_SECONDS);
      scheduleSeconds = Absent.list(scheduleSeconds);
    }
  }

  /** Delays that grow by a factor up to a limit. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @ValidationRule(
      value =
          "!has(self.initialSeconds) || !has(self.maxSeconds) || self.initialSeconds <= self.maxSeconds",
      message = "initialSeconds must not exceed maxSeconds")
  public record Backoff(
      @JsonPropertyDescription("Seconds before the second attempt, 1 to 86400; 5 by default.")
          @Min(1)
          @Max(Bounds.DAY_SECONDS)
          Integer initialSeconds,
      @JsonPropertyDescription("Factor from one delay to the next, 1 to 10; 2 by default.")
          @Min(1)
          @Max(10)
          Double multiplier,
      @JsonPropertyDescription("Longest delay in seconds, 1 to 604800; 86400 by default.")
          @Min(1)
          @Max(604_800)
          Integer maxSeconds) {
    /** Fills in what is absent. */
    public Backoff {
      initialSeconds = Absent.or(initialSeconds, 5);
      multiplier = Absent.or(multiplier, 2.0);
      maxSeconds = Absent.or(maxSeconds, Bounds.DAY_SECONDS);
    }
  }

  /** When a receiver that only fails is left alone. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record AutoDisable(
      @JsonPropertyDescription(
              "AfterFailing (default) or Never; a 410 disables under AfterFailing.")
          Mode mode,
      @JsonPropertyDescription(
              "Seconds without any success after which the endpoint is disabled, 3600 to 2592000; 432000 (5 days) by default.")
          @Min(3600)
          @Max(Bounds.MONTH_SECONDS)
          Integer afterFailingSeconds,
      @JsonPropertyDescription(
              "RFC 3339 time: failures before it are forgotten, which enables a disabled endpoint again, once.")
          @Time
          @Nullable String ignoreFailuresBefore) {
    static final int AFTER_FAILING_SECONDS = 432_000;

    /** Fills in what is absent. */
    public AutoDisable {
      mode = Absent.or(mode, Mode.AfterFailing);
      afterFailingSeconds = Absent.or(afterFailingSeconds, AFTER_FAILING_SECONDS);
    }

    /** Whether a failing receiver is disabled at all. */
    public enum Mode {
      /** After the given time without a success, or at a 410. */
      AfterFailing,
      /** Deliveries are tried until each ends. */
      Never
    }
  }

  /** TLS towards the receiver. Certificates are always verified. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Tls(
      @JsonPropertyDescription("PEM certificates of authorities to trust besides the public ones.")
          @Nullable ConfigKeyRef caRef,
      @JsonPropertyDescription(
              "Secret of type kubernetes.io/tls whose certificate is shown to the receiver.")
          @Nullable SecretRef clientCertificateRef,
      @JsonPropertyDescription("Lowest version accepted: TLSv1.2 (default) or TLSv1.3.")
          Version minVersion) {
    /** Fills in what is absent. */
    public Tls {
      minVersion = Absent.or(minVersion, Version.TLS_1_2);
    }

    /** A version of TLS. */
    public enum Version {
      /** TLS 1.2, RFC 5246. */
      @JsonProperty("TLSv1.2")
      TLS_1_2,
      /** TLS 1.3, RFC 8446. */
      @JsonProperty("TLSv1.3")
      TLS_1_3
    }
  }
}
