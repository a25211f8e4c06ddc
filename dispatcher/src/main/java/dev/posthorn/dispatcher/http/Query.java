package dev.posthorn.dispatcher.http;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The query parameters of a call, each known and given at most once.
 *
 * @param values the decoded values by name
 */
public record Query(Map<String, String> values) {

  /**
   * Reads a raw query.
   *
   * @param known the parameters of the call
   * @throws ProblemException 400 for one that is unknown, repeated or badly escaped
   */
  static Query read(@Nullable String raw, List<String> known) {
    if (raw == null || raw.isEmpty()) {
      return new Query(Map.of());
    }
    var values = new LinkedHashMap<String, String>();
    for (String pair : raw.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = decode(equals < 0 ? pair : pair.substring(0, equals));
      if (!known.contains(name)) {
        throw wrong(name, unknown(name, known));
      }
      if (values.put(name, decode(equals < 0 ? "" : pair.substring(equals + 1))) != null) {
        throw wrong(name, "the parameter \"" + name + "\" is given twice: give it once");
      }
    }
    return new Query(values);
  }

  /** The value of a parameter, or null where it was not given. */
  public @Nullable String get(String name) {
    return values.get(name);
  }

  /** A problem with the value of a parameter. */
  public static ProblemException wrong(String name, String detail) {
    return Problem.of(ProblemType.BAD_PARAMETER, name, detail).exception();
  }

  private static String unknown(String name, List<String> known) {
    return "the parameter \""
        + name
        + "\" is unknown; "
        + (known.isEmpty() ? "this call has none" : "known are " + String.join(", ", known));
  }

  private static String decode(String raw) {
    return Percent.decode(raw)
        .orElseThrow(() ->
            Problem.of(
                    ProblemType.BAD_PARAMETER,
                    "the query is badly escaped: use %XX of UTF-8 without control characters")
                .exception());
  }
}
