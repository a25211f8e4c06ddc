package dev.posthorn.core.resolve;

import dev.posthorn.crds.DispatcherSpec;
import dev.posthorn.crds.EventStreamSpec;
import dev.posthorn.crds.SignatureSchemeSpec;
import dev.posthorn.crds.SigningSecretSpec;
import dev.posthorn.crds.WebhookEndpointSpec;
import dev.posthorn.crds.WebhookSourceSpec;
import java.util.List;

/** All objects at one instant, each valid on its own and each once. Immutable. */
public record Resources(
    List<Resource<WebhookEndpointSpec>> endpoints,
    List<Resource<SigningSecretSpec>> signingSecrets,
    List<Resource<SignatureSchemeSpec>> schemes,
    List<Resource<EventStreamSpec>> streams,
    List<Resource<WebhookSourceSpec>> sources,
    List<Resource<DispatcherSpec>> dispatchers,
    List<Resource<Data>> secrets,
    List<Resource<Data>> configMaps) {
  /** Copies the lists. */
  public Resources {
    endpoints = List.copyOf(endpoints);
    signingSecrets = List.copyOf(signingSecrets);
    schemes = List.copyOf(schemes);
    streams = List.copyOf(streams);
    sources = List.copyOf(sources);
    dispatchers = List.copyOf(dispatchers);
    secrets = List.copyOf(secrets);
    configMaps = List.copyOf(configMaps);
  }
}
