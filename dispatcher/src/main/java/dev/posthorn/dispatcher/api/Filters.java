package dev.posthorn.dispatcher.api;

import dev.posthorn.dispatcher.http.Problem;
import dev.posthorn.dispatcher.http.ProblemException;
import dev.posthorn.dispatcher.http.ProblemType;
import dev.posthorn.dispatcher.http.Query;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What several calls ask of their callers. */
final class Filters {
  private static final int MAX_DIGITS = 18;

  private Filters() {}

  /** The number of the endpoint that a query asks for by name; null where it asks for none. */
  static @Nullable Integer endpoint(Query query, EndpointDirectory endpoints, String tenant) {
    String name = query.get("endpoint");
    if (name == null) {
      return null;
    }
    OptionalInt number = endpoints.number(tenant, name);
    if (number.isEmpty()) {
      throw Query.wrong(
          "endpoint", "the tenant has no such endpoint: GET .../endpoints lists those it has");
    }
    return number.getAsInt();
  }

  /** The number in a path, if it is one of the store's. */
  static OptionalLong number(String text) {
    boolean digits =
        text.length() <= MAX_DIGITS && text.chars().allMatch(c -> c >= '0' && c <= '9');
    return digits ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
  }

  /** The number of an endpoint that is declared now. */
  static int declared(EndpointDirectory endpoints, String tenant, String name) {
    if (endpoints.find(tenant, name).isEmpty()) {
      throw missingEndpoint();
    }
    return endpoints.number(tenant, name).orElseThrow(Filters::missingEndpoint);
  }

  /** The tenant has no such endpoint, or not any more. */
  static ProblemException missingEndpoint() {
    return Problem.of(
            ProblemType.NOT_FOUND,
            "the tenant has no such endpoint: GET .../endpoints lists those it has")
        .exception();
  }

  /** The tenant has no such object. */
  static ProblemException missing(String what) {
    return Problem.of(
            ProblemType.NOT_FOUND,
            "the tenant has no such "
                + what
                + ": check the id, and whether its retention has ended")
        .exception();
  }
}
