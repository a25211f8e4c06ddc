package dev.posthorn.core.expression;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.cel.bundle.Cel;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.navigation.CelNavigableExpr;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * CEL with one variable and all bounds switched on: the standard macros and functions, nothing
 * else. Immutable, safe for any thread; takes tens of milliseconds to make.
 *
 * <p>The legacy runtime, because the planner's takes twice as long for a filter (cel-java 0.14.0).
 */
final class CelEnvironment {
  private static final int MAX_PARSE_DEPTH = 32;
  private static final int MAX_NODES = 2_000;
  private static final int MAX_HEIGHT = 250;
  private static final int MAX_REGEX_PROGRAM = 500;

  private static final String EVENT_TYPE = "posthorn.Event";

  /** The fields of {@code event}, in the order in which findings list them. */
  static final ImmutableMap<String, CelType> EVENT_FIELDS =
      ImmutableMap.<String, CelType>builder()
          .put("id", SimpleType.STRING)
          .put("sourceId", SimpleType.STRING)
          .put("source", SimpleType.STRING)
          .put("type", SimpleType.STRING)
          .put("subject", SimpleType.STRING)
          .put("time", SimpleType.TIMESTAMP)
          .put("tenant", SimpleType.STRING)
          .put("data", SimpleType.DYN)
          .buildOrThrow();

  private static final CelOptions OPTIONS =
      CelOptions.current()
          .comprehensionMaxIterations(Expressions.MAX_ITERATIONS)
          .maxExpressionCodePointSize(Expressions.MAX_EXPRESSION)
          .maxParseRecursionDepth(MAX_PARSE_DEPTH)
          .maxParseExpressionNodeCount(MAX_NODES)
          .maxRegexProgramSize(MAX_REGEX_PROGRAM)
          .enableHeterogeneousNumericComparisons(true)
          .build();

  private final Cel cel;
  private final String variable;
  private final String cure;
  private final LongSupplier nanoTime;

  private CelEnvironment(
      String variable, CelType type, Set<CelType> types, String cure, LongSupplier nanoTime) {
    this.variable = variable;
    this.cure = cure;
    this.nanoTime = nanoTime;
    this.cel =
        CelFactory.legacyCelBuilder()
            .setOptions(OPTIONS)
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .setTypeProvider(new Types(ImmutableList.copyOf(types)))
            .addVar(variable, type)
            .build();
  }

  /** The variable {@code event}, whose fields are known when compiling. */
  static CelEnvironment ofEvent(LongSupplier nanoTime) {
    StructType event =
        StructType.create(
            EVENT_TYPE,
            EVENT_FIELDS.keySet(),
            field -> Optional.ofNullable(EVENT_FIELDS.get(field)));
    String fields = String.join(", ", EVENT_FIELDS.keySet());
    return new CelEnvironment(
        "event",
        event,
        ImmutableSet.of(event),
        "the variable is event, its fields are " + fields,
        nanoTime);
  }

  /** A variable that is a map with anything in it. */
  static CelEnvironment ofMap(String variable, LongSupplier nanoTime) {
    return new CelEnvironment(
        variable,
        MapType.create(SimpleType.STRING, SimpleType.DYN),
        ImmutableSet.of(),
        "the variable is " + variable,
        nanoTime);
  }

  String variable() {
    return variable;
  }

  /** Checks {@code text}; its result must be of type {@code wanted}, or known only when it runs. */
  Compilation<CelProgram> compile(String text, CelType wanted) {
    if (text.isBlank()) {
      return invalid("the expression is empty", "write one, or leave the field out");
    }
    if (text.codePointCount(0, text.length()) > Expressions.MAX_EXPRESSION) {
      return invalid(
          "the expression has more than " + Expressions.MAX_EXPRESSION + " characters",
          "shorten it");
    }
    try {
      CelAbstractSyntaxTree parsed = cel.parse(text).getAst();
      if (CelNavigableAst.fromAst(parsed).getRoot().height() > MAX_HEIGHT) {
        return invalid("the expression is a chain of more than " + MAX_HEIGHT, "shorten it");
      }
      return program(text, cel.check(parsed).getAst(), wanted);
    } catch (CelValidationException refused) {
      return new Compilation.Invalid<>(finding(refused.getErrors().getFirst()));
    }
  }

  private Compilation<CelProgram> program(String text, CelAbstractSyntaxTree ast, CelType wanted) {
    CelType type = ast.getResultType();
    if (!wanted.isAssignableFrom(type) && !type.equals(SimpleType.DYN)) {
      return invalid(
          "the expression gives " + type.name() + ", not " + wanted.name(),
          "compare or convert, so that it gives " + wanted.name());
    }
    try {
      return new Compilation.Compiled<>(
          new CelProgram(cel.createProgram(ast), text, searchOperands(ast), nanoTime));
    } catch (CelEvaluationException refused) {
      return invalid("the expression cannot be run", "use only CEL's standard functions");
    }
  }

  private static Set<Long> searchOperands(CelAbstractSyntaxTree ast) {
    return CelNavigableAst.fromAst(ast)
        .getRoot()
        .allNodes()
        .map(CelNavigableExpr::expr)
        .filter(expr -> expr.getKind() == CelExpr.ExprKind.Kind.CALL)
        .map(CelExpr::call)
        .filter(call -> Budget.SEARCHES.contains(call.function()))
        .flatMap(call -> Stream.concat(call.target().stream(), call.args().stream()))
        .map(CelExpr::id)
        .collect(Collectors.toUnmodifiableSet());
  }

  private Finding finding(CelIssue issue) {
    int line = Math.max(issue.getSourceLocation().getLine(), 0);
    int column = issue.getSourceLocation().getColumn() + 1;
    return new Finding(line, line == 0 ? 0 : column, issue.getMessage(), cure(issue.getMessage()));
  }

  private String cure(String message) {
    if (message.startsWith("undefined field") || message.startsWith("undeclared reference")) {
      return cure;
    }
    if (message.startsWith("found no matching overload")) {
      return "convert one side, for example with string(...), int(...) or double(...)";
    }
    return "correct it; the language is CEL with its standard functions";
  }

  private static Compilation<CelProgram> invalid(String cause, String cure) {
    return new Compilation.Invalid<>(new Finding(0, 0, cause, cure));
  }

  /** The types that are not CEL's own. */
  private record Types(ImmutableList<CelType> types) implements CelTypeProvider {
    @Override
    public Optional<CelType> findType(String name) {
      return types.stream().filter(type -> type.name().equals(name)).findFirst();
    }
  }
}
