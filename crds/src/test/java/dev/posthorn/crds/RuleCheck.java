package dev.posthorn.crds;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs {@code x-kubernetes-validations}; a rule with {@code oldSelf} only where there was a value
 * before.
 */
final class RuleCheck {
  private final JsonMapper json =
      JsonMapper.builder().enable(DeserializationFeature.USE_LONG_FOR_INTS).build();
  private final CelCompiler compiler =
      CelCompilerFactory.standardCelCompilerBuilder()
          .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
          .addLibraries(CelExtensions.strings())
          .addVar("self", SimpleType.DYN)
          .addVar("oldSelf", SimpleType.DYN)
          .build();
  private final CelRuntime runtime =
      CelRuntimeFactory.legacyCelRuntimeBuilder().addLibraries(CelExtensions.strings()).build();

  private final Map<String, CelRuntime.Program> programs = new HashMap<>();

  void check(
      JsonNode value,
      @Nullable JsonNode old,
      JsonNode schema,
      String path,
      List<String> violations) {
    if (value.isMissingNode()) {
      return;
    }
    for (var rule : schema.path("x-kubernetes-validations")) {
      if (!holds(rule.path("rule").asText(), value, old)) {
        violations.add(path + ": " + rule.path("message").asText());
      }
    }
    for (var property : schema.path("properties").properties()) {
      var was = old == null ? null : old.get(property.getKey());
      var inner = ManifestCheck.child(path, property.getKey());
      check(value.path(property.getKey()), was, property.getValue(), inner, violations);
    }
    for (var i = 0; value.isArray() && i < value.size(); i++) {
      check(value.get(i), null, schema.path("items"), path + "[" + i + "]", violations);
    }
  }

  private boolean holds(String rule, JsonNode value, @Nullable JsonNode old) {
    var values = new HashMap<String, Object>(Map.of("self", plain(value)));
    if (rule.contains("oldSelf")) {
      if (old == null) {
        return true;
      }
      values.put("oldSelf", plain(old));
    }
    try {
      return Boolean.TRUE.equals(programs.computeIfAbsent(rule, this::compile).eval(values));
    } catch (CelEvaluationException e) {
      throw new AssertionError("rule cannot be evaluated: " + rule, e);
    }
  }

  private CelRuntime.Program compile(String rule) {
    try {
      return runtime.createProgram(compiler.compile(rule).getAst());
    } catch (CelValidationException | CelEvaluationException e) {
      throw new AssertionError("rule does not compile: " + rule, e);
    }
  }

  private Object plain(JsonNode value) {
    return json.convertValue(value, Object.class);
  }
}
