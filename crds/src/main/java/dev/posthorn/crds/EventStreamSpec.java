package dev.posthorn.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a user wants of one stream: where its records are and how they become events. */
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
    value = "has(self.redis) != has(self.kafka)",
    message = "give exactly one of redis and kafka")
@ValidationRule(
    value =
        "has(self.dispatcherRef) == has(oldSelf.dispatcherRef) && (!has(self.dispatcherRef) || self.dispatcherRef == oldSelf.dispatcherRef)",
    message = "dispatcherRef is immutable: delete the object and create it again to move it")
@ValidationRule(
    value = "!has(self.format) || self.format != 'Fields' || has(self.redis)",
    message = "format Fields reads the fields of Redis entries: with kafka use CloudEvents or Json")
public record EventStreamSpec(
    @JsonPropertyDescription(
            "The Dispatcher that reads; absent means default in the own namespace; immutable.")
        @Nullable DispatcherRef dispatcherRef,
    @JsonPropertyDescription("true: nothing is read, records wait in the stream; false by default.")
        boolean suspend,
    @JsonPropertyDescription("A Redis stream; exactly one of redis and kafka.")
        @Nullable Redis redis,
    @JsonPropertyDescription("Kafka topics; exactly one of redis and kafka.") @Nullable Kafka kafka,
    @JsonPropertyDescription(
            "What a record is: CloudEvents (default), Json ({tenant, type, data, ...}) or Fields (a Redis entry's fields as text).")
        Format format,
    @JsonPropertyDescription(
            "Where a record keeps the parts of an event; the defaults fit each format.")
        @Nullable Mapping mapping,
    @JsonPropertyDescription(
            "CEL over event, at most 4096 characters: records for which it is false are dropped.")
        @Size(min = 1, max = Bounds.EXPRESSION_MAX)
        @Nullable String filter) {
  /** Fills in what is absent. */
  public EventStreamSpec {
    format = Absent.or(format, Format.CloudEvents);
  }

  /** A Redis stream, read in a consumer group. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Redis(
      @JsonPropertyDescription("Host and port, such as redis:6379.")
          @Size(min = 1, max = 260)
          @Pattern(BROKER)
          String address,
      @JsonPropertyDescription("true: connects with TLS; false by default.") boolean tls,
      @JsonPropertyDescription("Secret with the entries username (optional) and password.")
          @Nullable SecretRef credentialsRef,
      @JsonPropertyDescription("Key of the stream, at most 512 characters.")
          @Size(min = 1, max = 512)
          String stream,
      @JsonPropertyDescription(
              "Consumer group, at most 256 characters; posthorn.<namespace>.<name> by default.")
          @Size(min = 1, max = 256)
          @Nullable String group,
      @JsonPropertyDescription("Where a new group begins: End (default) or Beginning.")
          StartFrom startFrom) {
    /** Fills in what is absent. */
    public Redis {
      startFrom = Absent.or(startFrom, StartFrom.End);
    }
  }

  /** Kafka topics, read in a consumer group. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Kafka(
      @JsonPropertyDescription("Brokers to begin with: host:port, separated by commas.")
          @Size(min = 1, max = 2048)
          @Pattern("^[^\\s,:/]+:[0-9]{1,5}(,[^\\s,:/]+:[0-9]{1,5})*$")
          String bootstrapServers,
      @JsonPropertyDescription("Names of topics, 1 to 64.") @Size(min = 1, max = 64)
          List<@Size(min = 1, max = 249) @Pattern("^[a-zA-Z0-9._-]+$") String> topics,
      @JsonPropertyDescription(
              "Consumer group, at most 256 characters; posthorn.<namespace>.<name> by default.")
          @Size(min = 1, max = 256)
          @Nullable String group,
      @JsonPropertyDescription("How to connect; absent means plain text without authentication.")
          @Nullable Security security,
      @JsonPropertyDescription("Where a new group begins: End (default) or Beginning.")
          StartFrom startFrom) {
    /** Fills in what is absent. */
    public Kafka {
      topics = Absent.list(topics);
      startFrom = Absent.or(startFrom, StartFrom.End);
    }
  }

  /** How to connect to Kafka. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @ValidationRule(
      value =
          "!has(self.protocol) || !(self.protocol in ['SaslSsl', 'SaslPlaintext']) || has(self.credentialsRef)",
      message =
          "credentialsRef is missing: SASL needs the entries username and password of a Secret")
  public record Security(
      @JsonPropertyDescription("SaslSsl (default), SaslPlaintext, Ssl or Plaintext.")
          Protocol protocol,
      @JsonPropertyDescription("SASL mechanism: ScramSha512 (default), ScramSha256 or Plain.")
          Mechanism mechanism,
      @JsonPropertyDescription("Secret with the entries username and password.")
          @Nullable SecretRef credentialsRef,
      @JsonPropertyDescription(
              "PEM certificates of the authority to trust instead of the public ones.")
          @Nullable ConfigKeyRef caRef) {
    /** Fills in what is absent. */
    public Security {
      protocol = Absent.or(protocol, Protocol.SaslSsl);
      mechanism = Absent.or(mechanism, Mechanism.ScramSha512);
    }
  }

  /** Kafka's security protocols. */
  public enum Protocol {
    /** TLS and a password. */
    SaslSsl,
    /** A password without TLS. */
    SaslPlaintext,
    /** TLS without a password. */
    Ssl,
    /** Neither. */
    Plaintext
  }

  /** SASL mechanisms. */
  public enum Mechanism {
    /** SCRAM-SHA-512, RFC 5802. */
    ScramSha512,
    /** SCRAM-SHA-256, RFC 7677. */
    ScramSha256,
    /** PLAIN, RFC 4616. */
    Plain
  }

  /** Where a consumer group that does not exist yet begins. */
  public enum StartFrom {
    /** With records that come after it was made. */
    End,
    /** With the oldest record that is kept. */
    Beginning
  }

  /** What a record is. */
  public enum Format {
    /** A structured CloudEvent in JSON. */
    CloudEvents,
    /**
     * {@code {tenant, type, data, id?, ...}}; in Redis the entry's field {@code event}, or its only
     * field.
     */
    Json,
    /** A Redis entry's fields, as text. */
    Fields
  }

  /** Where a record keeps the parts of an event: CEL over {@code record}. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Mapping(
      @JsonPropertyDescription(
              "CEL over record for the tenant; only a stream in the Dispatcher's own namespace may map it.")
          @Size(min = 1, max = Bounds.EXPRESSION_MAX)
          @Nullable String tenant,
      @JsonPropertyDescription("CEL over record for the event's type.")
          @Size(min = 1, max = Bounds.EXPRESSION_MAX)
          @Nullable String type,
      @JsonPropertyDescription("CEL over record for the producer's id.")
          @Size(min = 1, max = Bounds.EXPRESSION_MAX)
          @Nullable String id,
      @JsonPropertyDescription("CEL over record for the producer's time.")
          @Size(min = 1, max = Bounds.EXPRESSION_MAX)
          @Nullable String time,
      @JsonPropertyDescription("CEL over record for the data.")
          @Size(min = 1, max = Bounds.EXPRESSION_MAX)
          @Nullable String data) {}

  private static final String BROKER = "^(\\[[0-9a-fA-F:]+\\]|[^\\s,:/\\[\\]]+):[0-9]{1,5}$";
}
