package dev.posthorn.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.posthorn.core.resolve.Finding;
import dev.posthorn.core.resolve.Place;
import dev.posthorn.core.resolve.ResourceRef;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How findings are printed; lower case as the option spells it. */
enum LintOutput {
  /**
   * {@code file:line: Kind/name: field: message}, as compilers do, so that editors find the place.
   */
  text {
    @Override
    String render(List<Finding> findings) {
      return lines(findings.stream().map(Finding::toString).toList());
    }
  },
  /** A JSON array. */
  json {
    @Override
    String render(List<Finding> findings) {
      return lines(List.of(array(findings.stream().map(Row::of).toList())));
    }
  },
  /** Annotations of a pull request (docs.github.com, "Workflow commands"). */
  github {
    @Override
    String render(List<Finding> findings) {
      return lines(findings.stream().map(LintOutput::command).toList());
    }
  };

  private static final JsonMapper JSON = JsonMapper.builder().build();

  abstract String render(List<Finding> findings);

  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Row(
      String severity,
      @Nullable String file,
      @Nullable Integer line,
      @Nullable String kind,
      @Nullable String namespace,
      @Nullable String name,
      String field,
      String reason,
      String message) {
    static Row of(Finding finding) {
      Place place = finding.place();
      ResourceRef object = finding.object();
      return new Row(
          finding.isError() ? "error" : "note",
          place == null ? null : place.file(),
          place == null ? null : place.line(),
          object == null ? null : object.kind().toString(),
          object == null ? null : object.name().namespace(),
          object == null ? null : object.name().name(),
          finding.field(),
          finding.cause().word(),
          finding.message());
    }
  }

  private static String command(Finding finding) {
    Place place = finding.place();
    String at =
        place == null ? "" : "file=" + property(place.file()) + ",line=" + place.line() + ",";
    String object = finding.object() == null ? "" : finding.object() + ": ";
    String field = finding.field().isEmpty() ? "" : finding.field() + ": ";
    return (finding.isError() ? "::error " : "::notice ")
        + at
        + "title="
        + property(finding.cause().word())
        + "::"
        + data(object + field + finding.message());
  }

  private static String data(String text) {
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
  }

  private static String property(String text) {
    return data(text).replace(":", "%3A").replace(",", "%2C");
  }

  private static String lines(List<String> lines) {
    return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
  }

  private static String array(List<Row> rows) {
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(rows);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("strings and numbers always have a JSON form", e);
    }
  }
}
