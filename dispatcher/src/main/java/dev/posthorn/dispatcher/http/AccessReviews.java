package dev.posthorn.dispatcher.http;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Asks the API server who somebody is and what he may do. Thread-safe; blocks. */
interface AccessReviews {
  /**
   * A user as the API server knows him.
   *
   * @param extra what authorizers may want to know besides
   */
  record User(String name, String uid, List<String> groups, Map<String, List<String>> extra) {}

  /**
   * What a caller wants to do with the resource for tenants, of {@code posthorn.dev}.
   *
   * @param namespace where; empty for the whole cluster
   * @param tenant its name; empty for all
   * @param subresource of the tenant, as {@code events}
   * @param verb of Kubernetes, as {@code create}
   */
  record Wish(String namespace, String tenant, String subresource, String verb) {}

  /** The API server did not say. */
  final class UnansweredException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnansweredException(Throwable cause) {
      super("the API server did not answer a review", cause);
    }
  }

  /**
   * Whose token it is; empty if nobody's.
   *
   * @throws UnansweredException when there is no answer
   */
  Optional<User> user(String token);

  /**
   * Whether he may.
   *
   * @throws UnansweredException when there is no answer
   */
  boolean may(User user, Wish wish);
}
