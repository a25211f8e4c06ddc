package dev.posthorn.e2e.operator;

/** Manifests of a tenant, with what matters to a test in them. */
final class Manifest {
  private Manifest() {}

  /** A key that is made. */
  static String signingSecret(String namespace, String name, String spec) {
    return """
    apiVersion: posthorn.dev/v1alpha1
    kind: SigningSecret
    metadata: {name: %s, namespace: %s}
    spec: {%s}
    ---
    """
        .formatted(name, namespace, spec);
  }

  /** An endpoint of the Dispatcher that signs with the keys of its own name. */
  static String endpoint(String namespace, String name, String url, String more) {
    return endpoint(namespace, name, url, name, more);
  }

  static String endpoint(String namespace, String name, String url, String keys, String more) {
    return """
    apiVersion: posthorn.dev/v1alpha1
    kind: WebhookEndpoint
    metadata: {name: %2$s, namespace: %1$s}
    spec:
      dispatcherRef: {namespace: posthorn-system, name: default}
      url: %3$s
      events: {types: ["order.*"]}
      signatures: [{scheme: standard-webhooks, signingSecretRef: {name: %4$s}}]
    %5$s
    ---
    """
        .formatted(namespace, name, url, keys, more.indent(2).stripTrailing());
  }

  /** Who may publish in a namespace. */
  static String publisher(String namespace) {
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
    """
        .formatted(namespace);
  }
}
