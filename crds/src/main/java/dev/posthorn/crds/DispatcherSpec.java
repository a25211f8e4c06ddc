package dev.posthorn.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a platform team wants of one installation. */
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
    value = "!has(self.tenancy) || !has(oldSelf.tenancy) || self.tenancy == oldSelf.tenancy",
    message = "tenancy is immutable: deliveries are stored by tenant; make a new Dispatcher")
@ValidationRule(
    value =
        "!has(self.store) || !has(self.store.sqlite) || (!has(self.gateways) && (!has(self.workers) || !has(self.workers.replicas) || self.workers.replicas == 1))",
    message =
        "store.sqlite is one file for one pod: leave out gateways and keep workers.replicas at 1, or use store.postgres")
public record DispatcherSpec(
    @JsonPropertyDescription(
            "Image of the pods, at most 512 characters; absent means the operator's own.")
        @Size(min = 1, max = 512)
        @Nullable String image,
    @JsonPropertyDescription("When the image is pulled: IfNotPresent (default), Always or Never.")
        PullPolicy imagePullPolicy,
    @JsonPropertyDescription("Pods that read streams and send.") Pods workers,
    @JsonPropertyDescription("Pods that serve HTTP; absent means that the workers do it.")
        @Nullable Pods gateways,
    @JsonPropertyDescription(
            "true: accepts and stores, sends nothing, reads no stream; false by default.")
        boolean suspend,
    @JsonPropertyDescription(
            "Namespace (default: the namespace is the tenant) or Field (the allowed namespaces are trusted with every tenant id); immutable.")
        Tenancy tenancy,
    @JsonPropertyDescription("Namespaces whose objects may refer to this Dispatcher.")
        AllowedNamespaces allowedNamespaces,
    @JsonPropertyDescription(
            "Where events and deliveries are kept; SQLite with 10Gi by default; immutable but for encryptionKeyRef.")
        Store store,
    @JsonPropertyDescription(
            "Which addresses endpoints may name; private ones are denied unless allowed here.")
        Egress egress,
    @JsonPropertyDescription("NetworkPolicies of the pods.") NetworkPolicySpec networkPolicy,
    @JsonPropertyDescription("What happens when the configuration can no longer be refreshed.")
        StaleConfig staleConfig,
    @JsonPropertyDescription("How long events and logs are kept.") Retention retention,
    @JsonPropertyDescription("Limits of the installation and of its tenants.") Limits limits,
    @JsonPropertyDescription("What the delivery log keeps.") Log log,
    @JsonPropertyDescription("The HTTP side.") Gateway gateway,
    @JsonPropertyDescription("The tenants' web page; absent means off.") @Nullable Portal portal,
    @JsonPropertyDescription("Who gets the system events of all tenants; absent means nobody.")
        @Nullable Alerts alerts) {
  /** Fills in what is absent. */
  public DispatcherSpec {
    imagePullPolicy = Absent.or(imagePullPolicy, PullPolicy.IfNotPresent);
    workers = Absent.or(workers, new Pods(1, new Resources(Map.of(), Map.of())));
    tenancy = Absent.or(tenancy, Tenancy.Namespace);
    allowedNamespaces =
        Absent.or(allowedNamespaces, new AllowedNamespaces(AllowedNamespaces.From.Same, null));
    store = Absent.or(store, new Store(new Sqlite(Sqlite.STORAGE, null), null, null));
    egress =
        Absent.or(egress, new Egress(Egress.PORTS, false, List.of(), List.of(), List.of(), null));
    networkPolicy =
        Absent.or(
            networkPolicy,
            new NetworkPolicySpec(NetworkPolicySpec.Mode.Managed, List.of(), List.of(), List.of()));
    staleConfig =
        Absent.or(
            staleConfig, new StaleConfig(StaleConfig.Mode.Hold, StaleConfig.HOLD_AFTER_SECONDS));
    retention =
        Absent.or(
            retention,
            new Retention(
                Retention.PAYLOAD_DAYS,
                Retention.LOG_DAYS,
                Retention.AUDIT_DAYS,
                Retention.MAX_BYTES));
    limits =
        Absent.or(
            limits,
            new Limits(Limits.MAX_CONCURRENCY, Limits.MAX_PAYLOAD_BYTES, Limits.TENANT, List.of()));
    log = Absent.or(log, new Log(true, true, List.of()));
    gateway = Absent.or(gateway, new Gateway(null, null));
  }

  /** When an image is pulled. */
  public enum PullPolicy {
    /** Unless the node has it. */
    IfNotPresent,
    /** At each start. */
    Always,
    /** Never; the node must have it. */
    Never
  }

  /** Pods of one role. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Pods(
      @JsonPropertyDescription("Number of pods, 1 to 64; 1 by default.") @Min(1) @Max(64)
          Integer replicas,
      @JsonPropertyDescription("CPU and memory of a pod.") Resources resources) {
    /** Fills in what is absent. */
    public Pods {
      replicas = Absent.or(replicas, 1);
      resources = Absent.or(resources, new Resources(Map.of(), Map.of()));
    }
  }

  /** CPU and memory, as Kubernetes writes them. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Resources(
      @JsonPropertyDescription("What is reserved, by resource, such as cpu and memory; at most 8.")
          @Size(max = 8)
          @Quantity
          Map<String, String> requests,
      @JsonPropertyDescription("What is allowed at most, by resource; at most 8.")
          @Size(max = 8)
          @Quantity
          Map<String, String> limits) {
    /** Fills in what is absent. */
    public Resources {
      requests = Absent.map(requests);
      limits = Absent.map(limits);
    }
  }

  /** How tenants are told apart. */
  public enum Tenancy {
    /** The namespace is the tenant. */
    Namespace,
    /** Objects and publishers name their tenant. */
    Field
  }

  /** Namespaces whose objects may refer to a Dispatcher. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @ValidationRule(
      value = "!has(self.from) || self.from != 'Selector' || has(self.selector)",
      message = "selector is missing: from: Selector needs it")
  public record AllowedNamespaces(
      @JsonPropertyDescription("Same (default: the Dispatcher's own), Selector or All.") From from,
      @JsonPropertyDescription("Labels of namespaces, for from: Selector.")
          @Nullable LabelSelector selector) {
    /** Fills in what is absent. */
    public AllowedNamespaces {
      from = Absent.or(from, From.Same);
    }

    /** Which namespaces. */
    public enum From {
      /** The Dispatcher's own. */
      Same,
      /** Those that the selector matches. */
      Selector,
      /** All. */
      All
    }
  }

  /** Where events and deliveries are kept. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @ValidationRule(
      value = "has(self.sqlite) != has(self.postgres)",
      message = "give exactly one of sqlite and postgres")
  @ValidationRule(
      value =
          "has(self.sqlite) == has(oldSelf.sqlite) && (!has(self.sqlite) || self.sqlite == oldSelf.sqlite) && has(self.postgres) == has(oldSelf.postgres) && (!has(self.postgres) || self.postgres == oldSelf.postgres)",
      message = "store is immutable: what is stored does not move; make a new Dispatcher")
  public record Store(
      @JsonPropertyDescription("One file on a PersistentVolume: for one pod.")
          @Nullable Sqlite sqlite,
      @JsonPropertyDescription("A PostgreSQL database, version 15 or later.")
          @Nullable Postgres postgres,
      @JsonPropertyDescription("Key that encrypts payloads at rest: 32 bytes in base64.")
          @Nullable SecretKeyRef encryptionKeyRef) {}

  /** SQLite on a PersistentVolume. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Sqlite(
      @JsonPropertyDescription("Size of the volume, such as 10Gi, which is the default.") @Quantity
          ByteCount storage,
      @JsonPropertyDescription("StorageClass of the volume; absent means the cluster's default.")
          @Size(min = 1, max = Bounds.SUBDOMAIN_MAX)
          @Pattern(Bounds.SUBDOMAIN)
          @Nullable String storageClassName) {
    static final ByteCount STORAGE = new ByteCount("10Gi");

    /** Fills in what is absent. */
    public Sqlite {
      storage = Absent.or(storage, STORAGE);
    }
  }

  /** A PostgreSQL database. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Postgres(
      @JsonPropertyDescription(
              "The entry of a Secret that holds postgres://user:password@host:port/database.")
          SecretKeyRef secretRef) {}

  /** Which addresses endpoints may name. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Egress(
      @JsonPropertyDescription("Ports that URLs may name, at most 64; 443 by default.")
          @Size(min = 1, max = 64)
          List<@Min(1) @Max(65_535) Integer> ports,
      @JsonPropertyDescription("true: http URLs are allowed beside https; false by default.")
          boolean allowHttp,
      @JsonPropertyDescription("Private ranges that may be reached, at most 256.")
          @Size(max = 256)
          @Listing(key = "cidr")
          List<AllowCidr> allowCidrs,
      @JsonPropertyDescription(
              "Services in the cluster that named namespaces may reach, at most 256.")
          @Size(max = 256)
          @Listing(key = "host")
          List<AllowHost> allowHosts,
      @JsonPropertyDescription(
              "Ranges denied besides those that always are, at most 256; stronger than allowCidrs.")
          @Size(max = 256)
          List<@Size(min = 1, max = Bounds.CIDR_MAX) @Pattern(Bounds.CIDR) String> denyCidrs,
      @JsonPropertyDescription(
              "The entry of a Secret that holds the URL of an HTTP proxy for all requests; absent means none.")
          @Nullable SecretKeyRef proxyRef) {
    static final List<Integer> PORTS = List.of(443);

    /** Fills in what is absent. */
    public Egress {
      ports = List.copyOf(Absent.or(ports, PORTS));
      allowCidrs = Absent.list(allowCidrs);
      allowHosts = Absent.list(allowHosts);
      denyCidrs = Absent.list(denyCidrs);
    }
  }

  /** A range that may be reached although it is private. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record AllowCidr(
      @JsonPropertyDescription("The range, such as 10.1.0.0/16.")
          @Size(min = 1, max = Bounds.CIDR_MAX)
          @Pattern(Bounds.CIDR)
          String cidr,
      @JsonPropertyDescription("Ports, at most 64; absent means all.") @Size(max = 64)
          List<@Min(1) @Max(65_535) Integer> ports) {
    /** Fills in what is absent. */
    public AllowCidr {
      ports = Absent.list(ports);
    }
  }

  /** A name that may be reached although its address is private. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record AllowHost(
      @JsonPropertyDescription("The name in full, such as erp.acme.svc.cluster.local.")
          @Size(min = 1, max = Bounds.SUBDOMAIN_MAX)
          @Pattern(Bounds.SUBDOMAIN)
          String host,
      @JsonPropertyDescription("Ports, at most 64; absent means those of egress.ports.")
          @Size(max = 64)
          List<@Min(1) @Max(65_535) Integer> ports,
      @JsonPropertyDescription("Namespaces whose endpoints may name the host, 1 to 64.")
          @Size(min = 1, max = 64)
          List<@Size(min = 1, max = Bounds.LABEL_MAX) @Pattern(Bounds.LABEL) String> namespaces) {
    /** Fills in what is absent. */
    public AllowHost {
      ports = Absent.list(ports);
      namespaces = Absent.list(namespaces);
    }
  }

  /** What happens when the configuration can no longer be refreshed. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record StaleConfig(
      @JsonPropertyDescription("Hold (default: sending waits, accepting goes on) or Continue.")
          Mode mode,
      @JsonPropertyDescription(
              "Seconds without a refresh after which sending waits, 60 to 604800; 3600 by default.")
          @Min(60)
          @Max(604_800)
          Integer holdAfterSeconds) {
    static final int HOLD_AFTER_SECONDS = 3600;

    /** Fills in what is absent. */
    public StaleConfig {
      mode = Absent.or(mode, Mode.Hold);
      holdAfterSeconds = Absent.or(holdAfterSeconds, HOLD_AFTER_SECONDS);
    }

    /** Whether sending waits. */
    public enum Mode {
      /** It does: a revocation may have been missed. */
      Hold,
      /** It goes on with what is known. */
      Continue
    }
  }

  /** How long events and logs are kept; the first limit that is reached counts. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Retention(
      @JsonPropertyDescription("Days that events are kept, 1 to 3650; 30 by default.")
          @Min(1)
          @Max(3650)
          Integer payloadDays,
      @JsonPropertyDescription("Days that the delivery log is kept, 1 to 3650; 90 by default.")
          @Min(1)
          @Max(3650)
          Integer logDays,
      @JsonPropertyDescription("Days that the audit log is kept, 1 to 3650; 365 by default.")
          @Min(1)
          @Max(3650)
          Integer auditDays,
      @JsonPropertyDescription(
              "Bytes beyond which the oldest events go first, such as 8Gi, which is the default.")
          @Quantity
          ByteCount maxBytes) {
    static final int PAYLOAD_DAYS = 30;
    static final int LOG_DAYS = 90;
    static final int AUDIT_DAYS = 365;
    static final ByteCount MAX_BYTES = new ByteCount("8Gi");

    /** Fills in what is absent. */
    public Retention {
      payloadDays = Absent.or(payloadDays, PAYLOAD_DAYS);
      logDays = Absent.or(logDays, LOG_DAYS);
      auditDays = Absent.or(auditDays, AUDIT_DAYS);
      maxBytes = Absent.or(maxBytes, MAX_BYTES);
    }
  }

  /** Limits of the installation and of its tenants. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Limits(
      @JsonPropertyDescription(
              "Requests in flight at once in one worker, 1 to 10000; 512 by default.")
          @Min(1)
          @Max(10_000)
          Integer maxConcurrency,
      @JsonPropertyDescription(
              "Largest event in bytes, 1024 to 16777216; 262144 by default; larger ones get 413.")
          @Min(1024)
          @Max(16_777_216)
          Integer maxPayloadBytes,
      @JsonPropertyDescription("Limits of every tenant that tenants does not name.")
          TenantLimits tenantDefault,
      @JsonPropertyDescription(
              "Limits of single tenants, at most 1000; what one leaves out is as in tenantDefault.")
          @Size(max = 1000)
          @Listing(key = "tenant")
          List<NamedTenantLimits> tenants) {
    static final int MAX_CONCURRENCY = 512;
    static final int MAX_PAYLOAD_BYTES = 262_144;
    static final TenantLimits TENANT =
        new TenantLimits(TenantLimits.WEIGHT, TenantLimits.MAX_CONCURRENCY, null, null);

    /** Fills in what is absent. */
    public Limits {
      maxConcurrency = Absent.or(maxConcurrency, MAX_CONCURRENCY);
      maxPayloadBytes = Absent.or(maxPayloadBytes, MAX_PAYLOAD_BYTES);
      tenantDefault = Absent.or(tenantDefault, TENANT);
      tenants = Absent.list(tenants);
    }
  }

  /** Limits of a tenant. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record TenantLimits(
      @JsonPropertyDescription("Share of capacity against other tenants, 1 to 100; 1 by default.")
          @Min(1)
          @Max(100)
          Integer weight,
      @JsonPropertyDescription("Requests in flight at once, 1 to 10000; 50 by default.")
          @Min(1)
          @Max(10_000)
          Integer maxConcurrency,
      @JsonPropertyDescription(
              "Events accepted a second, 1 to 1000000; absent means unlimited; more get 429.")
          @Min(1)
          @Max(1_000_000)
          @Nullable Integer eventsPerSecond,
      @JsonPropertyDescription(
              "Bytes of payloads stored, such as 1Gi; absent means unlimited; a full tenant gets 429.")
          @Quantity
          @Nullable ByteCount maxStoredBytes) {
    static final int WEIGHT = 1;
    static final int MAX_CONCURRENCY = 50;

    /** Fills in what is absent. */
    public TenantLimits {
      weight = Absent.or(weight, WEIGHT);
      maxConcurrency = Absent.or(maxConcurrency, MAX_CONCURRENCY);
    }
  }

  /** Limits of one tenant; what is absent is as in {@code tenantDefault}. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record NamedTenantLimits(
      @JsonPropertyDescription("The tenant.")
          @Size(min = 1, max = Bounds.LABEL_MAX)
          @Pattern(Bounds.TENANT)
          String tenant,
      @JsonPropertyDescription("Share of capacity against other tenants, 1 to 100.")
          @Min(1)
          @Max(100)
          @Nullable Integer weight,
      @JsonPropertyDescription("Requests in flight at once, 1 to 10000.") @Min(1) @Max(10_000)
          @Nullable Integer maxConcurrency,
      @JsonPropertyDescription("Events accepted a second, 1 to 1000000; more get 429.")
          @Min(1)
          @Max(1_000_000)
          @Nullable Integer eventsPerSecond,
      @JsonPropertyDescription("Bytes of payloads stored, such as 1Gi; a full tenant gets 429.")
          @Quantity
          @Nullable ByteCount maxStoredBytes) {}

  /** What the delivery log keeps. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Log(
      @JsonPropertyDescription("true (default): keeps an excerpt of request bodies.")
          Boolean requestBody,
      @JsonPropertyDescription("true (default): keeps an excerpt of response bodies.")
          Boolean responseBody,
      @JsonPropertyDescription(
              "Names of headers whose values are never kept, at most 64; those with secrets never are anyway.")
          @Size(max = 64)
          List<@Size(min = 1, max = Bounds.TOKEN_MAX) @Pattern(Bounds.TOKEN) String>
              redactHeaders) {
    /** Fills in what is absent. */
    public Log {
      requestBody = Absent.or(requestBody, true);
      responseBody = Absent.or(responseBody, true);
      redactHeaders = Absent.list(redactHeaders);
    }
  }

  /** The HTTP side. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Gateway(
      @JsonPropertyDescription(
              "URL under which the outside reaches the API, for links; absent means none are shown.")
          @Size(min = 1, max = Bounds.URL_MAX)
          @Pattern(Bounds.URL)
          @Nullable String externalUrl,
      @JsonPropertyDescription(
              "The entry of a Secret that lists static tokens: name, sha256, tenants, verbs.")
          @Nullable SecretKeyRef tokensRef) {}

  /** The tenants' web page. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Portal(
      @JsonPropertyDescription(
              "Origins that may show the portal in a frame, at most 32; empty means none.")
          @Size(max = 32)
          List<@Size(min = 1, max = 260) @Pattern("^https?://[^\\s/?#@;,]+$") String>
              frameAncestors) {
    /** Fills in what is absent. */
    public Portal {
      frameAncestors = Absent.list(frameAncestors);
    }
  }

  /** Who gets the system events of all tenants. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Alerts(
      @JsonPropertyDescription("A WebhookEndpoint in the Dispatcher's namespace.")
          ObjectRef endpointRef) {}
}
