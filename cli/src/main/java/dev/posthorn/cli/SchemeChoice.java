package dev.posthorn.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.posthorn.cli.terminal.Input;
import dev.posthorn.cli.terminal.Refusal;
import dev.posthorn.core.signing.BuiltInSchemes;
import dev.posthorn.core.signing.Scheme;
import dev.posthorn.core.signing.SchemeReading;
import dev.posthorn.crds.SignatureSchemeSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Collectors;

/** The scheme that {@code --scheme} names: a built-in one, or a SignatureScheme in a file. */
final class SchemeChoice {
  private SchemeChoice() {}

  /** What ends in {@code .yaml}, {@code .yml} or holds a slash is a file; the rest are names. */
  static Scheme of(String choice) {
    boolean file = choice.matches(".*(/|\\\\|\\.ya?ml$).*");
    SchemeReading reading = file ? read(Path.of(choice)) : BuiltInSchemes.load().find(choice);
    return switch (reading) {
      case SchemeReading.Compiled compiled -> compiled.scheme();
      case SchemeReading.Refused refused ->
          throw Refusal.cannotStart(
              "--scheme: " + (file ? choice + ": " : "") + described(refused));
    };
  }

  private static String described(SchemeReading.Refused refused) {
    return refused.findings().stream()
        .map(finding -> finding.field().equals("scheme") ? finding.message() : finding.toString())
        .collect(Collectors.joining("; "));
  }

  private static SchemeReading read(Path file) {
    byte[] yaml = Input.file("--scheme", file);
    var mapper = new YAMLMapper();
    try {
      JsonNode manifest = mapper.readTree(yaml);
      if (!manifest.path("kind").asText().equals("SignatureScheme")) {
        throw Refusal.cannotStart(
            "--scheme: " + file + " is not a SignatureScheme; see its 'kind'");
      }
      return Scheme.compile(mapper.treeToValue(manifest.path("spec"), SignatureSchemeSpec.class));
    } catch (JsonProcessingException e) {
      throw Refusal.cannotStart(
          "--scheme: "
              + file
              + ":"
              + (e.getLocation() == null ? 1 : e.getLocation().getLineNr())
              + ": "
              + e.getOriginalMessage().lines().findFirst().orElse("not YAML"));
    } catch (IOException e) {
      throw Refusal.cannotStart("--scheme: " + file + " cannot be read: " + e.getMessage());
    }
  }
}
