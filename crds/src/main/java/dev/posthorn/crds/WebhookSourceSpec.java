package dev.posthorn.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a user wants of one provider whose webhooks come in. */
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
    value =
        "has(self.dispatcherRef) == has(oldSelf.dispatcherRef) && (!has(self.dispatcherRef) || self.dispatcherRef == oldSelf.dispatcherRef)",
    message = "dispatcherRef is immutable: delete the object and create it again to move it")
@ValidationRule(
    value =
        "!has(self.forwardHeaders) || self.forwardHeaders.all(h, self.forwardHeaders.exists_one(o, o.lowerAscii() == h.lowerAscii()))",
    message = "forwardHeaders: names must differ by more than case: remove the repeated header")
public record WebhookSourceSpec(
    @JsonPropertyDescription(
            "The Dispatcher that receives; absent means default in the own namespace; immutable.")
        @Nullable DispatcherRef dispatcherRef,
    @JsonPropertyDescription(
            "Tenant of the events, only where the Dispatcher's tenancy is Field; otherwise absent, the namespace is the tenant.")
        @Size(min = 1, max = Bounds.LABEL_MAX)
        @Pattern(Bounds.TENANT)
        @Nullable String tenant,
    @JsonPropertyDescription(
            "true: requests are answered with 503, the provider tries again; false by default.")
        boolean suspend,
    @JsonPropertyDescription(
            "The scheme that verifies: built in, or a SignatureScheme whose name has a dot; unknown means 404 for requests.")
        @Size(min = 1, max = Bounds.LABEL_MAX)
        @Pattern(Bounds.SUBDOMAIN)
        String provider,
    @JsonPropertyDescription(
            "The provider's keys, 1 to 4 Secrets; any of them may verify, which is how the provider rotates.")
        @Size(min = 1, max = 4)
        @Listing(key = "name")
        List<SecretKeyRef> secretRefs,
    @JsonPropertyDescription("Where the provider posts to.") Path path,
    @JsonPropertyDescription(
            "Seconds that a request's timestamp may be off, in either direction, 1 to 86400; 300 by default.")
        @Min(1)
        @Max(Bounds.DAY_SECONDS)
        Integer toleranceSeconds,
    @JsonPropertyDescription(
            "Seconds in which a repeated id is a replay, 1 to 172800; 300 by default.")
        @Min(1)
        @Max(172_800)
        Integer dedupeSeconds,
    @JsonPropertyDescription(
            "Largest body in bytes, 1 to 104857600; 10485760 by default; larger ones get 413.")
        @Min(1)
        @Max(104_857_600)
        Integer maxBodyBytes,
    @JsonPropertyDescription(
            "What a replay gets: Acknowledge (default: 2xx, no second event) or Reject (409).")
        OnReplay onReplay,
    @JsonPropertyDescription("How a request becomes an event.") Event event,
    @JsonPropertyDescription(
            "Names of request headers kept with the event and sent on, at most 32.")
        @Size(max = 32)
        List<@Size(min = 1, max = Bounds.TOKEN_MAX) @Pattern(Bounds.TOKEN) String> forwardHeaders) {
  static final int TOLERANCE_SECONDS = 300;
  static final int DEDUPE_SECONDS = 300;
  static final int MAX_BODY_BYTES = 10_485_760;

  /** Fills in what is absent. */
  public WebhookSourceSpec {
    secretRefs = Absent.list(secretRefs);
    path = Absent.or(path, new Path(null, null, 0));
    toleranceSeconds = Absent.or(toleranceSeconds, TOLERANCE_SECONDS);
    dedupeSeconds = Absent.or(dedupeSeconds, DEDUPE_SECONDS);
    maxBodyBytes = Absent.or(maxBodyBytes, MAX_BODY_BYTES);
    onReplay = Absent.or(onReplay, OnReplay.Acknowledge);
    event = Absent.or(event, new Event(null));
    forwardHeaders = Absent.list(forwardHeaders);
  }

  /**
   * Where the provider posts to: a path with a secret token, and one that people can read if a slug
   * is given.
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Path(
      @JsonPropertyDescription("Adds the path /ingest/<tenant>/<slug>; a DNS label.")
          @Size(min = 1, max = Bounds.LABEL_MAX)
          @Pattern(Bounds.LABEL)
          @Nullable String slug,
      @JsonPropertyDescription(
              "RFC 3339 time: from then on, makes a new token once if the present one is older than it.")
          @Time
          @Nullable String rotateAfter,
      @JsonPropertyDescription(
              "Seconds that the former token still works after a rotation, 0 to 2592000; 0 by default.")
          @Min(0)
          @Max(Bounds.MONTH_SECONDS)
          Integer overlapSeconds) {
    /** Fills in what is absent. */
    public Path {
      overlapSeconds = Absent.or(overlapSeconds, 0);
    }
  }

  /** What a replay gets. */
  public enum OnReplay {
    /** Success, without a second event. */
    Acknowledge,
    /** 409. */
    Reject
  }

  /** How a request becomes an event. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Event(
      @JsonPropertyDescription(
              "CEL over body and headers for the event's type, at most 4096 characters; each provider has a default.")
          @Size(min = 1, max = Bounds.EXPRESSION_MAX)
          @Nullable String type) {}
}
