package dev.posthorn.dispatcher.http;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The calls of a server: which handler answers a method and path, and who may call it.
 *
 * <p>Immutable. Routes are tried in their order; a template has the path's shape, where {@code
 * {name}} stands for one segment.
 */
public final class Router {
  /** The methods that calls have. {@code HEAD} is answered wherever {@code GET} is. */
  public enum Method {
    /** Reads. */
    GET,
    /** Acts. */
    POST,
    /** Ends something. */
    DELETE
  }

  /** Answers calls. Runs on a virtual thread and may block. */
  public interface Handler {
    /**
     * The answer to {@code call}.
     *
     * @throws ProblemException to answer with a problem
     */
    Reply handle(Call call);
  }

  /**
   * A call that the server has.
   *
   * @param template its path, as {@code /v1/tenants/{tenant}/events}
   */
  public record Route(Method method, String template, Access access, Handler handler) {}

  /** What a method and path lead to. */
  sealed interface Match {
    /** This route, with its path parameters decoded. */
    record Found(Route route, Map<String, String> path) implements Match {}

    /** The path has other methods: the {@code Allow} header. */
    record WrongMethod(String allow) implements Match {}

    /** No call has this path. */
    record Unknown() implements Match {}
  }

  private final List<Route> routes;
  private final List<RouteTemplate> templates;
  private final Gate gate;

  /** A router for {@code routes}, whose callers are {@code callers}. */
  public Router(List<Route> routes, Callers callers) {
    this.routes = List.copyOf(routes);
    this.templates = routes.stream().map(route -> RouteTemplate.of(route.template())).toList();
    this.gate = new Gate(callers);
  }

  /** All calls, in their order. */
  public List<Route> routes() {
    return routes;
  }

  Gate gate() {
    return gate;
  }

  /** The call for a method and a raw path. */
  Match find(String method, String rawPath) {
    List<String> segments = RouteTemplate.decoded(rawPath).orElse(List.of());
    String wanted = method.equals("HEAD") ? Method.GET.name() : method;
    var allowed = new TreeSet<String>();
    for (int i = 0; i < routes.size(); i++) {
      var path = templates.get(i).match(segments);
      if (path.isPresent()) {
        Route route = routes.get(i);
        if (route.method().name().equals(wanted)) {
          return new Match.Found(route, path.get());
        }
        allow(route.method(), allowed);
      }
    }
    return allowed.isEmpty()
        ? new Match.Unknown()
        : new Match.WrongMethod(String.join(", ", allowed));
  }

  private static void allow(Method method, Set<String> allowed) {
    allowed.add(method.name());
    if (method == Method.GET) {
      allowed.add("HEAD");
    }
  }
}
