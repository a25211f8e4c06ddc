package dev.posthorn.core.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.core.config.ResourceName;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReferencesTest {
  private static final ResourceRef ENDPOINT = ref(Kind.WEBHOOK_ENDPOINT, "acme");

  private static final References REFERENCES =
      References.of(
          new ManifestReader()
              .read(
                  List.of(
                      new ManifestFile(
                          "in.yaml",
                          """
                          apiVersion: posthorn.dev/v1alpha1
                          kind: WebhookEndpoint
                          metadata: {name: acme}
                          spec:
                            dispatcherRef: {namespace: platform, name: main}
                            urlFrom: {secretKeyRef: {name: url, key: u}}
                            events: {types: ["*"]}
                            signatures:
                              - {scheme: own.example, signingSecretRef: {name: orders}}
                              - {scheme: stripe, signingSecretRef: {name: orders}}
                            headers:
                              - {name: x-a, valueFrom: {secretKeyRef: {name: token, key: a}}}
                            tls: {caRef: {name: ca}, clientCertificateRef: {name: mtls}}
                          ---
                          apiVersion: posthorn.dev/v1alpha1
                          kind: SigningSecret
                          metadata: {name: orders}
                          spec: {generate: {firstFrom: {name: token, key: k}}}
                          ---
                          apiVersion: posthorn.dev/v1alpha1
                          kind: EventStream
                          metadata: {name: stream}
                          spec:
                            kafka:
                              bootstrapServers: k:9092
                              topics: [t]
                              security: {credentialsRef: {name: sasl}, caRef: {kind: Secret, name: ca}}
                          """)))
              .resources());

  @Test
  void endpointRefersToAllThatItNames() {
    assertThat(REFERENCES.targets(ENDPOINT))
        .containsExactlyInAnyOrder(
            new ResourceRef(Kind.DISPATCHER, new ResourceName("platform", "main")),
            new ResourceRef(Kind.SIGNATURE_SCHEME, new ResourceName("", "own.example")),
            ref(Kind.SIGNING_SECRET, "orders"),
            ref(Kind.SECRET, "url"),
            ref(Kind.SECRET, "token"),
            ref(Kind.SECRET, "mtls"),
            ref(Kind.CONFIG_MAP, "ca"));
  }

  @Test
  void secretKnowsWhoRefersToIt() {
    assertThat(REFERENCES.referrers(ref(Kind.SECRET, "token")))
        .containsExactlyInAnyOrder(ENDPOINT, ref(Kind.SIGNING_SECRET, "orders"));
  }

  @Test
  void objectWithoutDispatcherRefMeansTheDefaultOne() {
    assertThat(REFERENCES.targets(ref(Kind.EVENT_STREAM, "stream")))
        .containsExactlyInAnyOrder(
            ref(Kind.DISPATCHER, "default"), ref(Kind.SECRET, "sasl"), ref(Kind.SECRET, "ca"));
  }

  private static ResourceRef ref(Kind kind, String name) {
    return new ResourceRef(kind, new ResourceName("default", name));
  }
}
