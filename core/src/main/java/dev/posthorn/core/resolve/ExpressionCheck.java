package dev.posthorn.core.resolve;

import dev.posthorn.core.expression.Compilation;
import dev.posthorn.core.expression.Expressions;
import dev.posthorn.core.expression.MappingExpressions;
import dev.posthorn.crds.Reason;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Compiles expressions to see whether they may run. Remembers the latest verdicts, since compiling
 * those of thousands of endpoints takes seconds. Thread-safe.
 */
final class ExpressionCheck {
  /** Verdicts of one generation at most; the one before is kept too. */
  private static final int GENERATION = 50_000;

  private record Key(String use, Object text) {}

  private final Expressions expressions;
  private Map<Key, Optional<String>> former = new HashMap<>(); // guarded by this
  private Map<Key, Optional<String>> current = new HashMap<>(); // guarded by this

  ExpressionCheck(Expressions expressions) {
    this.expressions = expressions;
  }

  /** A new generation begins: verdicts that the one before did not need are forgotten. */
  synchronized void begin() {
    former = current;
    current = new HashMap<>();
  }

  void filter(@Nullable String text, String field, Report report) {
    if (text != null) {
      check(new Key("filter", text), () -> expressions.filter(text), field, report);
    }
  }

  void transform(@Nullable String text, String field, Report report) {
    if (text != null) {
      check(new Key("transform", text), () -> expressions.transform(text), field, report);
    }
  }

  void mapping(MappingExpressions texts, String field, Report report) {
    check(new Key("mapping", texts), () -> expressions.mapping(texts), field, report);
  }

  private void check(Key key, Supplier<Compilation<?>> compile, String field, Report report) {
    verdict(key, compile)
        .ifPresent(message -> report.error(field, Reason.InvalidExpression, message));
  }

  private synchronized Optional<String> verdict(Key key, Supplier<Compilation<?>> compile) {
    Optional<String> complaint = former.get(key);
    if (complaint == null) {
      complaint = current.get(key);
    }
    if (complaint == null) {
      complaint = complaint(compile.get());
    }
    if (current.size() >= GENERATION) {
      begin();
    }
    current.put(key, complaint);
    return complaint;
  }

  private static Optional<String> complaint(Compilation<?> compilation) {
    return compilation instanceof Compilation.Invalid<?> invalid
        ? Optional.of(invalid.finding().message())
        : Optional.empty();
  }
}
