package dev.posthorn.core.resolve;

import dev.posthorn.core.expression.Expressions;
import dev.posthorn.core.signing.BuiltInSchemes;
import java.time.Instant;
import java.util.random.RandomGenerator;

/**
 * Turns the resources of one directory into the configuration of one dispatcher: follows
 * references, plans keyrings, judges URLs and expressions.
 *
 * <p>An object that something is wrong with is reported and goes on as it last was, but that
 * suspending it always works; the others are not affected. For one thread; make one and keep it,
 * since it remembers which expressions compile.
 */
public final class Resolver {
  private final BuiltInSchemes builtIn;
  private final ExpressionCheck expressions;
  private final ResolveOptions options;

  /** A resolver that judges schemes and expressions by these. */
  public Resolver(BuiltInSchemes builtIn, Expressions expressions, ResolveOptions options) {
    this.builtIn = builtIn;
    this.expressions = new ExpressionCheck(expressions);
    this.options = options;
  }

  /**
   * Resolves all of {@code resources} anew.
   *
   * @param random makes keys and their ids: a {@code SecureRandom} outside tests
   */
  public Resolution resolve(Resources resources, Known known, Instant now, RandomGenerator random) {
    expressions.begin();
    var resolving = new Resolving(resources, known, options);
    resolving.settings();
    resolving.schemes(builtIn);
    resolving.keys(now, random);
    resolving.endpointsAndStreams(expressions);
    resolving.sources();
    return resolving.resolution();
  }
}
