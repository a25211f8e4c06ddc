package dev.posthorn.core.resolve;

import dev.cel.common.CelValidationException;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.posthorn.core.resolve.StructuralSchema.Rule;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The CEL rules of the schemas, compiled. Those about a change ({@code oldSelf}) are left out: a
 * directory shows one state. Immutable, safe for any thread.
 */
final class SchemaRules {
  private static final String OLD = "oldSelf";

  private final Map<String, CelRuntime.Program> programs;

  private SchemaRules(Map<String, CelRuntime.Program> programs) {
    this.programs = Map.copyOf(programs);
  }

  /** Compiles every rule below {@code schemas}. */
  static SchemaRules of(Iterable<StructuralSchema> schemas) {
    var compiler =
        CelCompilerFactory.standardCelCompilerBuilder()
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .addLibraries(CelExtensions.strings())
            .addVar("self", SimpleType.DYN)
            .build();
    var runtime =
        CelRuntimeFactory.legacyCelRuntimeBuilder().addLibraries(CelExtensions.strings()).build();
    var programs = new HashMap<String, CelRuntime.Program>();
    schemas.forEach(schema -> compile(schema, compiler, runtime, programs));
    return new SchemaRules(programs);
  }

  private static void compile(
      @Nullable StructuralSchema schema,
      CelCompiler compiler,
      CelRuntime runtime,
      Map<String, CelRuntime.Program> programs) {
    if (schema == null) {
      return;
    }
    for (Rule rule : schema.rules()) {
      if (!rule.expression().contains(OLD)) {
        programs.computeIfAbsent(rule.expression(), text -> program(text, compiler, runtime));
      }
    }
    schema.properties().values().forEach(child -> compile(child, compiler, runtime, programs));
    compile(schema.items(), compiler, runtime, programs);
    compile(schema.values(), compiler, runtime, programs);
  }

  private static CelRuntime.Program program(
      String expression, CelCompiler compiler, CelRuntime runtime) {
    try {
      return runtime.createProgram(compiler.compile(expression).getAst());
    } catch (CelValidationException | CelEvaluationException e) {
      throw new IllegalStateException("a rule of the schema does not compile: " + expression, e);
    }
  }

  /**
   * Whether {@code self} keeps the rule. One that cannot be evaluated is broken, as in a cluster.
   */
  boolean holds(Rule rule, Object self) {
    CelRuntime.Program program = programs.get(rule.expression());
    if (program == null) {
      return true;
    }
    try {
      return Boolean.TRUE.equals(program.eval(Map.of("self", self)));
    } catch (CelEvaluationException e) {
      return false;
    }
  }
}
