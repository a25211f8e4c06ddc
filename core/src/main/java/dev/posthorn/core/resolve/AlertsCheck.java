package dev.posthorn.core.resolve;

import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.event.TypePattern;
import dev.posthorn.crds.DispatcherSpec;
import dev.posthorn.crds.Reason;
import dev.posthorn.crds.WebhookEndpointSpec;
import java.util.Optional;
import java.util.function.Function;

/**
 * Whether the endpoint that a Dispatcher names for its alerts is there and would get them. Where it
 * is not, everything else of the Dispatcher is in effect all the same.
 */
final class AlertsCheck {
  private static final String FIELD = "spec.alerts.endpointRef.name";

  private AlertsCheck() {}

  static void check(
      Resource<DispatcherSpec> dispatcher,
      Function<ResourceName, Optional<Resource<WebhookEndpointSpec>>> endpoints,
      Report report) {
    DispatcherSpec.Alerts alerts = dispatcher.content().alerts();
    if (alerts == null) {
      return;
    }
    var name = new ResourceName(dispatcher.namespace(), alerts.endpointRef().name());
    Optional<Resource<WebhookEndpointSpec>> endpoint = endpoints.apply(name);
    if (endpoint.isEmpty()) {
      report.beside(
          FIELD,
          new Cause.Condition(Reason.EndpointNotFound),
          "WebhookEndpoint "
              + name
              + " is not there, so nobody gets the system events of all tenants; create it in the"
              + " Dispatcher's namespace, or correct the name");
    } else {
      check(endpoint.get(), dispatcher.ref().name(), report);
    }
  }

  private static void check(
      Resource<WebhookEndpointSpec> endpoint, ResourceName dispatcher, Report report) {
    WebhookEndpointSpec spec = endpoint.content();
    ResourceName name = endpoint.ref().name();
    ResourceName home = Home.named(spec.dispatcherRef(), endpoint.namespace());
    if (spec.dispatcherRef() != null && !home.equals(dispatcher)) {
      report.beside(
          FIELD,
          Cause.Refusal.InvalidValue,
          "WebhookEndpoint %s is of Dispatcher %s; name one whose dispatcherRef is %s"
              .formatted(name, home, dispatcher));
    } else if (spec.events().types().stream()
        .noneMatch(type -> type.startsWith(TypePattern.SYSTEM_PREFIX))) {
      report.beside(
          FIELD,
          Cause.Refusal.InvalidValue,
          "WebhookEndpoint %s wants no system events; add posthorn.* to its spec.events.types"
              .formatted(name));
    }
  }
}
