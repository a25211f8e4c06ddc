package dev.posthorn.dispatcher.snapshot;

import dev.posthorn.core.config.Configuration;
import dev.posthorn.core.config.EndpointConfig;
import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.config.SchemeConfig;
import dev.posthorn.core.egress.EgressGuard;
import dev.posthorn.core.event.Subscription;
import dev.posthorn.core.expression.Compilation;
import dev.posthorn.core.expression.Expressions;
import dev.posthorn.core.expression.Filter;
import dev.posthorn.core.expression.Transform;
import dev.posthorn.core.signing.BuiltInSchemes;
import dev.posthorn.core.signing.Scheme;
import dev.posthorn.core.signing.SchemeReading;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Compiles configurations into snapshots, and takes over from the snapshot before what has not
 * changed: an expression costs far more to compile than an event costs to deliver.
 */
public final class SnapshotCompiler {
  private static final String ANY_SCHEME = "standard-webhooks";

  private final Expressions expressions;
  private final BuiltInSchemes builtIn;

  /** Creates a compiler. */
  public SnapshotCompiler(Expressions expressions, BuiltInSchemes builtIn) {
    this.expressions = expressions;
    this.builtIn = builtIn;
  }

  /**
   * Compiles a configuration that was resolved without errors.
   *
   * @param numbers the number of each of its endpoints
   * @param previous the snapshot before; null for the first
   * @throws IllegalArgumentException where an expression or a scheme that is there is not valid,
   *     which resolving should have found
   */
  public Snapshot compile(
      Configuration configuration,
      Map<ResourceName, Integer> numbers,
      @Nullable Snapshot previous) {
    var destinations = new HashMap<Integer, Destination>();
    for (EndpointConfig config : configuration.endpoints().values()) {
      int number = Objects.requireNonNull(numbers.get(config.name()), config.name()::toString);
      Destination known = previous == null ? null : previous.destination(number).orElse(null);
      boolean same =
          previous != null && known != null && unchanged(known, config, configuration, previous);
      destinations.put(number, same ? known : destination(number, config, configuration, known));
    }
    return new Snapshot(
        configuration, guard(configuration, previous), destinations, index(destinations));
  }

  private static boolean unchanged(
      Destination known, EndpointConfig config, Configuration now, Snapshot previous) {
    return known.config().equals(config)
        && sameSchemes(previous.configuration(), now)
        && config.signatures().stream()
            .map(EndpointConfig.Signature::keys)
            .filter(Objects::nonNull)
            .allMatch(keys -> sameKeys(keys, previous.configuration(), now));
  }

  private static boolean sameSchemes(Configuration before, Configuration now) {
    return before.schemes().equals(now.schemes());
  }

  private static boolean sameKeys(ResourceName keys, Configuration before, Configuration now) {
    return Objects.equals(before.keys().get(keys), now.keys().get(keys));
  }

  private static EgressGuard guard(Configuration configuration, @Nullable Snapshot previous) {
    var policy = configuration.settings().egress();
    return previous != null && previous.guard().policy().equals(policy)
        ? previous.guard()
        : new EgressGuard(policy);
  }

  private Destination destination(
      int number, EndpointConfig config, Configuration all, @Nullable Destination known) {
    return new Destination(
        number,
        config,
        filter(config, known),
        transform(config, known),
        config.signatures().stream().map(each -> signer(config, each, all)).toList());
  }

  private Optional<Filter> filter(EndpointConfig config, @Nullable Destination known) {
    String text = config.events().filter();
    if (known != null && Objects.equals(text, known.config().events().filter())) {
      return known.filter();
    }
    return Optional.ofNullable(text).map(each -> compiled(config, expressions.filter(each)));
  }

  private Optional<Transform> transform(EndpointConfig config, @Nullable Destination known) {
    String text = config.body().transform();
    if (known != null && Objects.equals(text, known.config().body().transform())) {
      return known.transform();
    }
    return Optional.ofNullable(text).map(each -> compiled(config, expressions.transform(each)));
  }

  private RequestSigner signer(
      EndpointConfig config, EndpointConfig.Signature signature, Configuration all) {
    ResourceName keys = signature.keys();
    return scheme(config, signature.scheme(), all)
        .map(scheme -> RequestSigner.of(scheme, keys == null ? null : all.keys().get(keys)))
        .orElseGet(this::waiting);
  }

  /** A scheme that has not come yet: nothing is signed, so the endpoint waits as without keys. */
  private RequestSigner waiting() {
    return switch (builtIn.find(ANY_SCHEME)) {
      case SchemeReading.Compiled(var scheme) -> RequestSigner.of(scheme, null);
      case SchemeReading.Refused(var findings) -> throw new IllegalStateException(ANY_SCHEME);
    };
  }

  private Optional<Scheme> scheme(EndpointConfig config, String name, Configuration all) {
    SchemeConfig own = all.schemes().get(name);
    if (own == null && !builtIn.names().contains(name)) {
      return Optional.empty();
    }
    SchemeReading reading = own == null ? builtIn.find(name) : Scheme.compile(own.spec());
    return switch (reading) {
      case SchemeReading.Compiled(var scheme) -> Optional.of(scheme);
      case SchemeReading.Refused(var findings) ->
          throw new IllegalArgumentException(
              config.name() + ": scheme " + name + ": " + findings.getFirst());
    };
  }

  private static <T> T compiled(EndpointConfig config, Compilation<T> compilation) {
    return switch (compilation) {
      case Compilation.Compiled<T>(var expression) -> expression;
      case Compilation.Invalid<T>(var finding) ->
          throw new IllegalArgumentException(config.name() + ": " + finding);
    };
  }

  private static Map<String, Subscribers> index(Map<Integer, Destination> destinations) {
    var byTenant = new HashMap<String, List<Subscriber>>();
    for (Destination each : destinations.values()) {
      EndpointConfig config = each.config();
      byTenant
          .computeIfAbsent(config.tenant(), _ -> new ArrayList<>())
          .add(
              new Subscriber(
                  each.number(),
                  config.name(),
                  Subscription.parse(config.events().types()),
                  each.filter()));
    }
    return byTenant.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> new Subscribers(entry.getValue())));
  }
}
