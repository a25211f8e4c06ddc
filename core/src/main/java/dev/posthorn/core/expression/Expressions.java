package dev.posthorn.core.expression;

/**
 * Compiles the CEL expressions of resources, with every bound that keeps one tenant's expression
 * from hurting another tenant. Immutable, safe for any thread; costly to make, so make one.
 */
public final class Expressions {
  /** Characters (code points) of an expression. */
  public static final int MAX_EXPRESSION = 4_096;

  /** Bytes of JSON that a transform may make. */
  public static final int MAX_OUTPUT_BYTES = 262_144;

  /** Compiles {@code events.filter}: must give a bool. */
  public Compilation<Filter> filter(String text) {
    throw new UnsupportedOperationException(text);
  }

  /** Compiles {@code body.transform}: its value, written as JSON, is the body. */
  public Compilation<Transform> transform(String text) {
    throw new UnsupportedOperationException(text);
  }

  /** Compiles {@code EventStream.spec.mapping}; a finding names the attribute. */
  public Compilation<Mapping> mapping(MappingExpressions texts) {
    throw new UnsupportedOperationException(texts.type());
  }
}
