package dev.posthorn.core.resolve;

import dev.posthorn.core.config.SchemeConfig;
import dev.posthorn.core.signing.BuiltInSchemes;
import dev.posthorn.core.signing.Scheme;
import dev.posthorn.core.signing.SchemeFinding;
import dev.posthorn.core.signing.SchemeReading;
import dev.posthorn.crds.Reason;
import dev.posthorn.crds.SignatureSchemeSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The schemes there are: built in, and of the user's own. For one resolution. */
final class SchemeResolver {
  private final BuiltInSchemes builtIn;
  private final Map<String, Scheme> own = new HashMap<>();
  private final Map<String, SchemeConfig> configs = new HashMap<>();
  private final Set<String> refused = new HashSet<>();
  private final Map<String, SchemeConfig> lastGood;

  SchemeResolver(BuiltInSchemes builtIn, Map<String, SchemeConfig> lastGood) {
    this.builtIn = builtIn;
    this.lastGood = lastGood;
  }

  Map<String, SchemeConfig> configs() {
    return configs;
  }

  void add(Resource<SignatureSchemeSpec> scheme, Report report) {
    String name = scheme.ref().name().name();
    switch (Scheme.compile(scheme.content())) {
      case SchemeReading.Compiled(Scheme compiled) ->
          take(new SchemeConfig(name, scheme.content()), compiled);
      case SchemeReading.Refused(List<SchemeFinding> findings) -> {
        refused.add(name);
        for (SchemeFinding finding : findings) {
          report.error("spec." + finding.field(), Cause.Refusal.InvalidScheme, finding.message());
        }
        SchemeConfig former = lastGood.get(name);
        if (former != null
            && Scheme.compile(former.spec()) instanceof SchemeReading.Compiled(Scheme compiled)) {
          take(former, compiled);
        }
      }
    }
  }

  private void take(SchemeConfig config, Scheme compiled) {
    own.put(config.name(), compiled);
    configs.put(config.name(), config);
  }

  /** A scheme that signs; empty where there is none, and {@code report} says why. */
  Optional<Scheme> signing(String name, String field, Report report) {
    Optional<Scheme> scheme =
        builtIn.find(name) instanceof SchemeReading.Compiled(Scheme compiled)
            ? Optional.of(compiled)
            : Optional.ofNullable(own.get(name));
    if (scheme.isEmpty()) {
      report.error(field, Reason.SchemeNotFound, complaint(name));
    } else if (!scheme.get().signs()) {
      report.error(
          field,
          Reason.SchemeNotFound,
          "scheme \"" + name + "\" only verifies; name one that signs");
      return Optional.empty();
    }
    return scheme;
  }

  private String complaint(String name) {
    if (refused.contains(name)) {
      return "SignatureScheme " + name + " is not valid; mend it first";
    }
    var known = new TreeSet<>(builtIn.names());
    known.addAll(own.keySet());
    String where = name.indexOf('.') < 0 ? "is not built in" : "is not there as a SignatureScheme";
    return "scheme \"" + name + "\" " + where + Spelling.hint(name, new ArrayList<>(known));
  }
}
