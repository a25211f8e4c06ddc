package dev.posthorn.core.expression;

import dev.cel.common.types.SimpleType;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Compiles the CEL expressions of resources, with every bound that keeps one tenant's expression
 * from hurting another tenant. Immutable, safe for any thread; costly to make, so make one.
 *
 * <p>Filters and transforms see {@code event} with the fields {@code id} (ours), {@code sourceId}
 * (the producer's), {@code source}, {@code type}, {@code subject}, {@code time}, {@code tenant} and
 * {@code data}. What the producer left out is an empty string, but {@code time} is then the
 * acceptance. {@code data} is the parsed JSON, else a string (base64 if it is no text), else null.
 */
public final class Expressions {
  /** Characters (code points) of an expression. */
  public static final int MAX_EXPRESSION = 4_096;

  /** Iterations of all comprehensions of an evaluation together. */
  public static final int MAX_ITERATIONS = 1_000;

  /** Bytes of JSON that a transform may make. */
  public static final int MAX_OUTPUT_BYTES = 262_144;

  private final CelEnvironment event;
  private final CelEnvironment record;

  /**
   * Prepares the compilers.
   *
   * @param nanoTime a monotonic clock as {@link System#nanoTime}: evaluations that take longer than
   *     250 ms are stopped
   */
  public Expressions(LongSupplier nanoTime) {
    event = CelEnvironment.ofEvent(nanoTime);
    record = CelEnvironment.ofMap("record", nanoTime);
  }

  /** Compiles {@code events.filter}: must give a bool. */
  public Compilation<Filter> filter(String text) {
    return event.compile(text, SimpleType.BOOL).map(Filter::new);
  }

  /** Compiles {@code body.transform}: its value, written as JSON, is the body. */
  public Compilation<Transform> transform(String text) {
    return event.compile(text, SimpleType.DYN).map(Transform::new);
  }

  /**
   * Compiles {@code EventStream.spec.mapping}; the finding is the first in the order of the
   * attributes and names its attribute.
   */
  public Compilation<Mapping> mapping(MappingExpressions texts) {
    Map<String, CelProgram> programs = new LinkedHashMap<>();
    for (Map.Entry<String, String> attribute : texts.byAttribute().entrySet()) {
      switch (record.compile(attribute.getValue(), SimpleType.DYN)) {
        case Compilation.Compiled<CelProgram>(CelProgram program) ->
            programs.put(attribute.getKey(), program);
        case Compilation.Invalid<CelProgram>(Finding finding) -> {
          return new Compilation.Invalid<>(finding.in(attribute.getKey()));
        }
      }
    }
    return new Compilation.Compiled<>(new Mapping(Map.copyOf(programs)));
  }
}
