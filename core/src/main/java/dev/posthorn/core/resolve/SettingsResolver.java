package dev.posthorn.core.resolve;

import dev.posthorn.core.config.DispatcherSettings;
import dev.posthorn.core.config.Limits;
import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.egress.AllowedCidr;
import dev.posthorn.core.egress.AllowedHost;
import dev.posthorn.core.egress.Cidr;
import dev.posthorn.core.egress.EgressPolicy;
import dev.posthorn.crds.ByteCount;
import dev.posthorn.crds.DispatcherSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A Dispatcher's spec -> settings. For one Dispatcher. */
final class SettingsResolver {
  private final DispatcherSpec spec;
  private final String namespace;
  private final Report report;

  private SettingsResolver(DispatcherSpec spec, String namespace, Report report) {
    this.spec = spec;
    this.namespace = namespace;
    this.report = report;
  }

  /** The settings; what is wrong is left out, and {@code report} says so. */
  static DispatcherSettings resolve(
      Resource<DispatcherSpec> dispatcher, DispatcherSettings.Tenancy tenancy, Report report) {
    DispatcherSpec spec = dispatcher.content();
    NotBuilt.refuseDispatcher(spec, report);
    var resolver = new SettingsResolver(spec, dispatcher.namespace(), report);
    return new DispatcherSettings(
        spec.suspend(),
        tenancy,
        resolver.egress(),
        resolver.limits(),
        resolver.retention(),
        resolver.log(),
        resolver.staleConfig(),
        resolver.alerts());
  }

  /**
   * What is in effect while {@code wanted} has mistakes: the former settings, but nothing is open
   * that is not open in both, and suspending works at once.
   */
  static DispatcherSettings narrower(DispatcherSettings wanted, DispatcherSettings former) {
    EgressPolicy egress = former.egress();
    EgressPolicy other = wanted.egress();
    var closed = new ArrayList<>(egress.denyCidrs());
    closed.addAll(other.denyCidrs());
    return new DispatcherSettings(
        wanted.suspended(),
        wanted.tenancy(),
        new EgressPolicy(
            both(egress.ports(), other.ports()),
            egress.allowHttp() && other.allowHttp(),
            List.copyOf(both(egress.allowCidrs(), other.allowCidrs())),
            List.copyOf(both(egress.allowHosts(), other.allowHosts())),
            closed.stream().distinct().toList(),
            egress.clusterCidrs(),
            egress.clusterDomain()),
        former.limits(),
        former.retention(),
        former.log(),
        former.staleConfig(),
        former.alerts());
  }

  private static <T> Set<T> both(Collection<T> first, Collection<T> second) {
    var both = new LinkedHashSet<>(first);
    both.retainAll(second);
    return both;
  }

  /** The same settings as the caller's options override them. */
  static DispatcherSettings override(DispatcherSettings settings, ResolveOptions options) {
    EgressPolicy egress = settings.egress();
    List<AllowedCidr> cidrs =
        Stream.concat(egress.allowCidrs().stream(), options.allowCidrs().stream())
            .distinct()
            .toList();
    Limits limits = settings.limits();
    int maxConcurrency =
        Objects.requireNonNullElse(options.maxConcurrency(), limits.maxConcurrency());
    return new DispatcherSettings(
        settings.suspended(),
        settings.tenancy(),
        egress.withAllowCidrs(cidrs).withAllowHttp(egress.allowHttp() || options.allowHttp()),
        new Limits(
            maxConcurrency, limits.maxPayloadBytes(), limits.tenantDefault(), limits.tenants()),
        settings.retention(),
        settings.log(),
        settings.staleConfig(),
        settings.alerts());
  }

  private @Nullable ResourceName alerts() {
    return spec.alerts() == null
        ? null
        : new ResourceName(namespace, spec.alerts().endpointRef().name());
  }

  private EgressPolicy egress() {
    DispatcherSpec.Egress egress = spec.egress();
    List<AllowedCidr> allowCidrs =
        all(
            egress.allowCidrs(),
            "spec.egress.allowCidrs",
            allowed -> new AllowedCidr(Cidr.parse(allowed.cidr()), Set.copyOf(allowed.ports())));
    List<AllowedHost> allowHosts =
        all(egress.allowHosts(), "spec.egress.allowHosts", allowed -> host(allowed, egress));
    List<Cidr> denyCidrs = all(egress.denyCidrs(), "spec.egress.denyCidrs", Cidr::parse);
    return new EgressPolicy(
        new HashSet<>(egress.ports()),
        egress.allowHttp(),
        allowCidrs,
        allowHosts,
        denyCidrs,
        EgressPolicy.DEFAULT.clusterCidrs(),
        EgressPolicy.DEFAULT.clusterDomain());
  }

  private static AllowedHost host(DispatcherSpec.AllowHost allowed, DispatcherSpec.Egress egress) {
    List<Integer> ports = allowed.ports().isEmpty() ? egress.ports() : allowed.ports();
    return new AllowedHost(
        allowed.host(), new HashSet<>(ports), new HashSet<>(allowed.namespaces()));
  }

  private <S, T> List<T> all(List<S> items, String path, Function<S, T> read) {
    return Stream.iterate(0, index -> index < items.size(), index -> index + 1)
        .map(index -> read(FieldPath.item(path, index), () -> read.apply(items.get(index))))
        .flatMap(Optional::stream)
        .toList();
  }

  /** What a resource says; empty where it means nothing, and the report says so. */
  private <T> Optional<T> read(String field, Supplier<T> value) {
    try {
      return Optional.of(value.get());
    } catch (IllegalArgumentException e) {
      report.error(field, Cause.Refusal.InvalidValue, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private long bytes(String field, ByteCount count, long fallback) {
    return read(field, () -> some(count)).orElse(fallback);
  }

  private static long some(ByteCount count) {
    long bytes = count.bytes();
    if (bytes < 1) {
      throw new IllegalArgumentException(
          "a size of " + count.text() + " holds nothing; write one such as 1Gi, or leave it out");
    }
    return bytes;
  }

  private Limits limits() {
    DispatcherSpec.Limits limits = spec.limits();
    DispatcherSpec.TenantLimits common = limits.tenantDefault();
    var fallback =
        new Limits.Tenant(
            common.weight(),
            common.maxConcurrency(),
            common.eventsPerSecond(),
            stored("spec.limits.tenantDefault", common.maxStoredBytes()));
    var tenants = new HashMap<String, Limits.Tenant>();
    for (int i = 0; i < limits.tenants().size(); i++) {
      DispatcherSpec.NamedTenantLimits named = limits.tenants().get(i);
      Long stored = stored(FieldPath.item("spec.limits.tenants", i), named.maxStoredBytes());
      tenants.put(
          named.tenant(),
          new Limits.Tenant(
              Objects.requireNonNullElse(named.weight(), fallback.weight()),
              Objects.requireNonNullElse(named.maxConcurrency(), fallback.maxConcurrency()),
              named.eventsPerSecond() == null
                  ? fallback.eventsPerSecond()
                  : named.eventsPerSecond(),
              stored == null ? fallback.maxStoredBytes() : stored));
    }
    return new Limits(limits.maxConcurrency(), limits.maxPayloadBytes(), fallback, tenants);
  }

  private @Nullable Long stored(String path, @Nullable ByteCount count) {
    return count == null
        ? null
        : read(FieldPath.field(path, "maxStoredBytes"), () -> some(count)).orElse(null);
  }

  private DispatcherSettings.Retention retention() {
    DispatcherSpec.Retention retention = spec.retention();
    return new DispatcherSettings.Retention(
        retention.payloadDays(),
        retention.logDays(),
        retention.auditDays(),
        bytes(
            "spec.retention.maxBytes",
            retention.maxBytes(),
            DispatcherSettings.Retention.DEFAULT.maxBytes()));
  }

  private DispatcherSettings.Log log() {
    DispatcherSpec.Log log = spec.log();
    Set<String> masked =
        log.redactHeaders().stream()
            .map(name -> name.toLowerCase(Locale.ROOT))
            .collect(Collectors.toSet());
    return new DispatcherSettings.Log(log.requestBody(), log.responseBody(), masked);
  }

  private DispatcherSettings.StaleConfig staleConfig() {
    DispatcherSpec.StaleConfig stale = spec.staleConfig();
    return new DispatcherSettings.StaleConfig(
        switch (stale.mode()) {
          case Hold -> DispatcherSettings.StaleConfig.Mode.HOLD;
          case Continue -> DispatcherSettings.StaleConfig.Mode.CONTINUE;
        },
        stale.holdAfterSeconds());
  }
}
