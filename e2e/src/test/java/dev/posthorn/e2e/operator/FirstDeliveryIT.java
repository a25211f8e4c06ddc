package dev.posthorn.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.standardwebhooks.Webhook;
import dev.posthorn.e2e.fixture.Http;
import dev.posthorn.e2e.fixture.Received;
import dev.posthorn.e2e.fixture.Receiver;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;

/** From {@code kubectl apply} to a signed delivery. */
class FirstDeliveryIT {
  @Test
  void anEventThatIsPublishedReachesAReceiverSignedWithTheKeyOfItsSecret() throws Exception {
    Installed cluster = Installed.get();
    String tenant = cluster.tenant("first");
    HeldCertificate authority =
        new HeldCertificate.Builder().certificateAuthority(0).commonName("ACME CA").build();
    HeldCertificate certificate =
        new HeldCertificate.Builder()
            .signedBy(authority)
            .addSubjectAlternativeName("127.0.0.1")
            .build();
    var tls =
        new HandshakeCertificates.Builder()
            .heldCertificate(certificate, authority.certificate())
            .build()
            .sslContext();
    List<Received> kept = Receiver.list();
    try (Receiver receiver =
        Receiver.answering(
            tls,
            request -> {
              kept.add(request);
              return 204;
            })) {
      cluster.apply(manifests(tenant, receiver.url("/orders"), authority.certificatePem()));
      cluster.awaitReady(tenant, "orders");

      Http api = cluster.api(tenant, "shop");
      String id = api.accepted(tenant, "order.paid", "{\"total\": 12}");

      cluster.eventually("a delivery", () -> !kept.isEmpty());
      assertThat(kept.getFirst().eventId()).isEqualTo(id);
      new Webhook(key(cluster, tenant)).verify(kept.getFirst().text(), kept.getFirst().headers());
    }
  }

  /** The receiver is given the key as the keyring holds it. */
  private static String key(Installed cluster, String tenant) {
    assertThat(
            cluster
                .client()
                .secrets()
                .inNamespace(tenant)
                .withName("orders-keyring")
                .require()
                .getType())
        .isEqualTo("posthorn.dev/keyring");
    var keyring = Http.parse(cluster.secret(tenant, "orders-keyring", "keyring.json"));
    return text(keyring.at("/versions/0/material").asText());
  }

  private static String text(String base64) {
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
  }

  private static String manifests(String tenant, String url, String authority) {
    return """
    apiVersion: v1
    kind: ServiceAccount
    metadata: {name: shop, namespace: %1$s}
    ---
    apiVersion: rbac.authorization.k8s.io/v1
    kind: RoleBinding
    metadata: {name: shop, namespace: %1$s}
    roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: posthorn-publisher}
    subjects: [{kind: ServiceAccount, name: shop, namespace: %1$s}]
    ---
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: ca, namespace: %1$s, labels: {posthorn.dev/readable: "true"}}
    data:
      ca.crt: |
    %3$s
    ---
    apiVersion: posthorn.dev/v1alpha1
    kind: SigningSecret
    metadata: {name: orders, namespace: %1$s}
    ---
    apiVersion: posthorn.dev/v1alpha1
    kind: WebhookEndpoint
    metadata: {name: orders, namespace: %1$s}
    spec:
      dispatcherRef: {namespace: posthorn-system, name: default}
      url: %2$s
      events: {types: ["order.*"]}
      signatures: [{scheme: standard-webhooks, signingSecretRef: {name: orders}}]
      tls: {caRef: {kind: ConfigMap, name: ca, key: ca.crt}}
    """
        .formatted(tenant, url, authority.strip().indent(4).stripTrailing());
  }
}
