package dev.posthorn.dispatcher.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every call, by every kind of caller, for his own tenant and for another's. */
class AuthorizationTest {
  private static final List<String> CALLERS =
      List.of(
          "", "nobody", "publisher", "reader", "operator", "owner", "stranger", "watcher", "admin");

  /** The columns are the callers above; E and A stand for an event and an attempt of acme's. */
  private static final String MATRIX =
      """
      POST /v1/events                             401 401 202 403 403 202 403 403 202
      GET  /v1/tenants/acme/events                401 401 403 200 403 200 404 200 200
      GET  /v1/tenants/acme/events/E              401 401 403 200 403 200 404 200 200
      GET  /v1/tenants/acme/attempts              401 401 403 200 403 200 404 200 200
      GET  /v1/tenants/acme/attempts/A            401 401 403 200 403 200 404 200 200
      GET  /v1/tenants/acme/dead-letters          401 401 403 200 403 200 404 200 200
      GET  /v1/tenants/acme/endpoints             401 401 403 200 403 200 404 200 200
      GET  /v1/tenants/acme/endpoints/erp         401 401 403 200 403 200 404 200 200
      POST /v1/tenants/acme/endpoints/erp/enable  401 401 403 403 200 200 404 403 200
      POST /v1/tenants/acme/events/E/redeliver    401 401 403 403 200 200 404 403 200
      POST /v1/tenants/acme/replays               401 401 403 403 202 202 404 403 202
      GET  /v1/tenants/acme/replays               401 401 403 200 403 200 404 200 200
      GET  /v1/tenants/acme/replays/1             401 401 403 200 403 200 404 200 200
      DELETE /v1/tenants/acme/replays/1           401 401 403 403 200 200 404 403 200
      POST /v1/tenants/zeta/events/E/redeliver    401 401 404 404 404 404 404 403 404
      POST /v1/tenants/zeta/replays               401 401 404 404 404 404 404 403 404
      GET  /v1/tenants/zeta/replays               401 401 404 404 404 404 200 200 200
      GET  /v1/tenants/zeta/replays/1             401 401 404 404 404 404 404 404 404
      DELETE /v1/tenants/zeta/replays/1           401 401 404 404 404 404 404 403 404
      GET  /v1/tenants/zeta/events                401 401 404 404 404 404 200 200 200
      GET  /v1/tenants/zeta/events/E              401 401 404 404 404 404 404 404 404
      GET  /v1/tenants/zeta/attempts              401 401 404 404 404 404 200 200 200
      GET  /v1/tenants/zeta/attempts/A            401 401 404 404 404 404 404 404 404
      GET  /v1/tenants/zeta/dead-letters          401 401 404 404 404 404 200 200 200
      GET  /v1/tenants/zeta/endpoints             401 401 404 404 404 404 200 200 200
      GET  /v1/tenants/zeta/endpoints/shop        401 401 404 404 404 404 200 200 200
      POST /v1/tenants/zeta/endpoints/shop/enable 401 401 404 404 404 404 200 403 200
      GET  /v1/tenants/zeta/endpoints/erp         401 401 404 404 404 404 404 404 404
      POST /v1/tenants/acme/keys/orders/rotate      401 401 403 403 403 200 404 403 200
      POST /v1/tenants/acme/keys/orders/revoke      401 401 403 403 403 200 404 403 200
      POST /v1/tenants/acme/keys/orders/acknowledge 401 401 403 403 403 200 404 403 200
      GET  /v1/tenants/acme/keys/orders/reveal      401 401 403 403 403 200 404 403 200
      GET  /v1/tenants/acme/audit                   401 401 403 200 403 200 404 200 200
      POST /v1/tenants/zeta/keys/orders/rotate      401 401 404 404 404 404 404 403 404
      POST /v1/tenants/zeta/keys/orders/revoke      401 401 404 404 404 404 404 403 404
      POST /v1/tenants/zeta/keys/orders/acknowledge 401 401 404 404 404 404 404 403 404
      GET  /v1/tenants/zeta/keys/orders/reveal      401 401 404 404 404 404 404 403 404
      GET  /v1/tenants/zeta/audit                   401 401 404 404 404 404 200 200 200
      DELETE /v1/tenants/acme/data                  401 401 403 403 403 200 404 403 200
      GET  /v1/tenants/acme/data                    401 401 403 200 403 200 404 200 200
      DELETE /v1/tenants/zeta/data                  401 401 404 404 404 404 200 403 200
      GET  /v1/tenants/zeta/data                    401 401 404 404 404 404 200 200 200
      GET  /v1/rejected                           401 401 403 403 403 403 403 200 200
      GET  /v1/openapi.yaml                       401 401 200 200 200 200 200 200 200
      """;

  @Test
  void everyCallPermitsExactlyItsCallers(@TempDir Path directory) {
    try (var api = new ApiServer(directory)) {
      String event = api.published("order.created", "1");
      String attempt = Attempts.failed(api, event);
      var wrong = new ArrayList<String>();
      for (String line : MATRIX.lines().toList()) {
        String[] cells = line.split(" +", -1);
        String path = cells[1].replace("/E", "/" + event).replace("/A", "/" + attempt);
        for (int i = 0; i < CALLERS.size(); i++) {
          int status = call(api, cells[0], path, CALLERS.get(i));
          if (status != Integer.parseInt(cells[i + 2])) {
            wrong.add("%s %s by %s: %d".formatted(cells[0], path, CALLERS.get(i), status));
          }
        }
      }
      assertThat(wrong).isEmpty();
    }
  }

  private static int call(ApiServer api, String method, String path, String caller) {
    if (path.matches(".*/(revoke|acknowledge)")) {
      String body = "{\"keyId\": \"" + FixedKeys.KEY_ID + "\"}";
      return api.post(caller, path, "application/json", body).status();
    }
    if (path.endsWith("/redeliver")) {
      return api.post(caller, path, "application/json", "{\"endpoint\": \"erp\"}").status();
    }
    if (method.equals("POST") && path.endsWith("/replays")) {
      String body = "{\"endpoint\": \"erp\", \"select\": \"Failed\"}";
      return api.post(caller, path, "application/json", body).status();
    }
    return path.equals("/v1/events")
        ? api.post(
                caller,
                path,
                "application/json",
                "{\"tenant\": \"acme\", \"type\": \"a\", \"data\": 1}")
            .status()
        : api.call(method, path, caller, Map.of(), new byte[0]).status();
  }

  @Test
  void theMatrixHasEveryCall() {
    var contract = new Contract();
    assertThat(contract.operations())
        .allSatisfy(operation ->
            assertThat(MATRIX.lines())
                .anyMatch(line ->
                    line.matches(
                        operation.method()
                            + " +"
                            + operation.path().replaceAll("\\{[a-zA-Z]+}", "[^/ ]+")
                            + " .*")));
  }

  @Test
  void aTokenThatIsNotSentAsBearerOnceIsNone(@TempDir Path directory) {
    try (var api = new ApiServer(directory)) {
      var answer = api.get("Basic YTpi", "/v1/openapi.yaml");
      answer.is(401, "unauthenticated", "Authorization");
      assertThat(answer.header("www-authenticate")).isEqualTo("Bearer realm=\"posthorn\"");
      api.get("bearer canaryadmin", "/v1/openapi.yaml").is(200);
      api.get("Bearer ", "/v1/openapi.yaml").is(401);
    }
  }

  @Test
  void anotherTenantsObjectLooksLikeNone(@TempDir Path directory) {
    try (var api = new ApiServer(directory)) {
      String event = api.published("order.created", "1");
      String there = api.get("stranger", "/v1/tenants/acme/events/" + event).response().body();
      String absent = api.get("stranger", "/v1/tenants/nobody/events/" + event).response().body();
      assertThat(there).isEqualTo(absent);
    }
  }
}
