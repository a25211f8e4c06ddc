package dev.posthorn.dispatcher.api;

import dev.posthorn.dispatcher.http.Access;
import dev.posthorn.dispatcher.http.Reply;
import dev.posthorn.dispatcher.http.Router.Handler;
import dev.posthorn.dispatcher.http.Router.Method;
import dev.posthorn.dispatcher.http.Router.Route;
import java.util.List;

/** {@code /internal/...}: for the operator, on the management port, with the operator's token. */
public final class OperatorCalls {
  private OperatorCalls() {}

  /** The calls. */
  public static List<Route> routes(OperatorView view) {
    return List.of(
        get(
            "/internal/config",
            call -> {
              call.query();
              return Reply.json(200, view.config());
            }),
        get(
            "/internal/endpoints",
            call -> Reply.json(200, view.endpoints(call.query("since").get("since")))));
  }

  private static Route get(String path, Handler handler) {
    return new Route(Method.GET, path, new Access.Known(), handler);
  }
}
