package dev.posthorn.dispatcher.snapshot;

import dev.posthorn.core.config.EndpointConfig;
import dev.posthorn.core.config.SchemeConfig;
import dev.posthorn.core.config.StreamConfig;
import dev.posthorn.core.event.Subscription;
import dev.posthorn.core.expression.Compilation;
import dev.posthorn.core.expression.Expressions;
import dev.posthorn.core.expression.MappingExpressions;
import dev.posthorn.core.signing.Scheme;
import dev.posthorn.core.signing.SchemeReading;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds in a config object what resolving should have found: an operator of another version may
 * judge otherwise, and one object must not keep all others from being compiled.
 */
final class ConfigCheck {
  private final Expressions expressions;

  ConfigCheck(Expressions expressions) {
    this.expressions = expressions;
  }

  /** What is wrong, without a quotation; empty if nothing is. */
  Optional<String> error(Record config) {
    return switch (config) {
      case EndpointConfig endpoint -> endpoint(endpoint);
      case StreamConfig stream -> stream(stream);
      case SchemeConfig scheme ->
          Scheme.compile(scheme.spec()) instanceof SchemeReading.Refused
              ? wrong("the scheme")
              : Optional.empty();
      default -> Optional.empty();
    };
  }

  private Optional<String> endpoint(EndpointConfig endpoint) {
    String filter = endpoint.events().filter();
    String transform = endpoint.body().transform();
    if (!readable(endpoint.events().types())) {
      return wrong("events.types");
    }
    return invalid("events.filter", filter, expressions::filter)
        .or(() -> invalid("body.transform", transform, expressions::transform));
  }

  private Optional<String> stream(StreamConfig stream) {
    String filter = stream.filter();
    StreamConfig.Mapping mapping = stream.mapping();
    return invalid("filter", filter, expressions::filter)
        .or(() -> invalid("mapping", mapping, each -> expressions.mapping(texts(each))));
  }

  private static MappingExpressions texts(StreamConfig.Mapping mapping) {
    return new MappingExpressions(
        mapping.tenant(), mapping.type(), mapping.id(), mapping.time(), mapping.data());
  }

  private static boolean readable(List<String> types) {
    try {
      Subscription.parse(types);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static <S, T> Optional<String> invalid(
      String field, @Nullable S text, Function<S, Compilation<T>> compile) {
    return text != null && compile.apply(text) instanceof Compilation.Invalid
        ? wrong(field)
        : Optional.empty();
  }

  private static Optional<String> wrong(String what) {
    return Optional.of(what + " cannot be compiled by this version");
  }
}
