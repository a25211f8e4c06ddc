package dev.posthorn.dispatcher.api;

import dev.posthorn.dispatcher.accept.Acceptor;
import dev.posthorn.dispatcher.accept.MatchExplainer;
import dev.posthorn.dispatcher.http.Access;
import dev.posthorn.dispatcher.http.Callers;
import dev.posthorn.dispatcher.http.Problem;
import dev.posthorn.dispatcher.http.ProblemType;
import dev.posthorn.dispatcher.http.Reply;
import dev.posthorn.dispatcher.http.Router;
import dev.posthorn.dispatcher.http.Router.Method;
import dev.posthorn.dispatcher.http.Router.Route;
import dev.posthorn.dispatcher.http.Verb;
import dev.posthorn.dispatcher.store.DeliveryLog;
import dev.posthorn.dispatcher.store.StoreUnavailableException;
import dev.posthorn.dispatcher.store.TenantErasingException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.List;
import java.util.function.IntSupplier;

/** The list of all calls. */
public final class Api {
  private static final String TENANT = "/v1/tenants/{tenant}";
  private static final int RETRY_AFTER_SECONDS = 5;

  /**
   * What the calls work with; each is thread-safe.
   *
   * @param maxPayloadBytes the largest data of one event, as configured now
   * @param clock the time
   */
  public record Parts(
      Callers callers,
      Acceptor acceptor,
      DeliveryLog log,
      EndpointDirectory endpoints,
      KeyDirectory keys,
      ReplayDesk replays,
      MatchExplainer matches,
      ErasureDirectory erasures,
      IntSupplier maxPayloadBytes,
      InstantSource clock) {}

  private Api() {}

  /** The router of the API's port. */
  public static Router router(Parts parts) {
    var publish = new PublishCalls(parts.acceptor(), parts.maxPayloadBytes());
    var events = new EventCalls(parts.log(), parts.endpoints(), parts.matches());
    var attempts = new AttemptCalls(parts.log(), parts.endpoints());
    var ended = new DeadLetterCalls(parts.log(), parts.endpoints(), parts.clock());
    var endpoints = new EndpointCalls(parts.endpoints(), parts.clock());
    var keys = new KeyCalls(parts.keys(), parts.clock());
    var redelivery =
        new RedeliverCalls(parts.log(), parts.endpoints(), parts.replays(), parts.clock());
    var replays = new ReplayCalls(parts.log(), parts.endpoints(), parts.replays(), parts.clock());
    var audit = new AuditCalls(parts.log());
    var erasures = new ErasureCalls(parts.erasures(), parts.clock());
    byte[] contract = contract();
    return new Router(
        List.of(
            route(Method.POST, "/v1/events", new Access.Somewhere(Verb.PUBLISH), publish::publish),
            read("/events", events::list),
            read("/events/{id}", events::one),
            read("/attempts", attempts::list),
            read("/attempts/{id}", attempts::one),
            read("/dead-letters", ended::deadLetters),
            read("/endpoints", endpoints::list),
            read("/endpoints/{name}", endpoints::one),
            operate(Method.POST, "/endpoints/{name}/enable", endpoints::enable),
            operate(Method.POST, "/events/{id}/redeliver", redelivery::redeliver),
            operate(Method.POST, "/replays", replays::start),
            read("/replays", replays::list),
            read("/replays/{id}", replays::one),
            operate(Method.DELETE, "/replays/{id}", replays::cancel),
            keys(Method.POST, "rotate", keys::rotate),
            keys(Method.POST, "revoke", keys::revoke),
            keys(Method.POST, "acknowledge", keys::acknowledge),
            keys(Method.GET, "reveal", keys::reveal),
            read("/audit", audit::list),
            read("/data", erasures::receipt),
            route(
                Method.DELETE, TENANT + "/data", new Access.OfTenant(Verb.ERASE), erasures::erase),
            route(Method.GET, "/v1/rejected", new Access.OfPlatform(Verb.READ), ended::rejected),
            route(
                Method.GET,
                "/v1/openapi.yaml",
                new Access.Known(),
                call -> {
                  call.query();
                  return Reply.bytes("application/yaml", contract);
                })),
        parts.callers());
  }

  private static Route read(String path, Router.Handler handler) {
    return route(Method.GET, TENANT + path, new Access.OfTenant(Verb.READ), handler);
  }

  private static Route operate(Method method, String path, Router.Handler handler) {
    return route(method, TENANT + path, new Access.OfTenant(Verb.OPERATE), handler);
  }

  private static Route keys(Method method, String action, Router.Handler handler) {
    return route(
        method,
        TENANT + "/keys/{signingSecret}/" + action,
        new Access.OfTenant(Verb.KEYS),
        handler);
  }

  private static Route route(
      Method method, String template, Access access, Router.Handler handler) {
    return new Route(
        method,
        template,
        access,
        call -> {
          try {
            return handler.handle(call);
          } catch (StoreUnavailableException e) {
            throw Problem.of(
                    ProblemType.STORE_UNAVAILABLE,
                    "the store does not answer: try again; if it lasts, the platform team checks its"
                        + " disk or database")
                .retryAfter(RETRY_AFTER_SECONDS)
                .exception();
          } catch (TenantErasingException e) {
            throw PublishCalls.erasing(e.tenant()).exception();
          }
        });
  }

  private static byte[] contract() {
    try (InputStream file = Api.class.getResourceAsStream("openapi.yaml")) {
      if (file == null) {
        throw new IllegalStateException("openapi.yaml is missing beside " + Api.class);
      }
      return file.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("openapi.yaml cannot be read", e);
    }
  }
}
