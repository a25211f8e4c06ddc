package dev.posthorn.operator.workload;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.fabric8.kubernetes.api.model.rbac.Subject;
import io.fabric8.kubernetes.api.model.rbac.SubjectBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Who the pods of a role are and what they may: read the Secrets of their own namespace and, where
 * callers come to them, ask the API server who a caller is and what he may.
 */
record Access(Installation installation, Labels labels) {
  /** Shipped with the operator; it has no other right than to bind it. */
  private static final String GATEWAY_ROLE = "posthorn-gateway";

  private static final String RBAC = "rbac.authorization.k8s.io";

  List<HasMetadata> of(PodRole role) {
    String name = labels.name(role);
    var objects = new ArrayList<HasMetadata>();
    objects.add(
        new ServiceAccountBuilder()
            .withMetadata(labels.meta(name, labels.of(role)))
            .withAutomountServiceAccountToken(false)
            .build());
    objects.add(
        new RoleBuilder()
            .withMetadata(labels.meta(name, labels.of(role)))
            .withRules(
                new PolicyRuleBuilder()
                    .withApiGroups("")
                    .withResources("secrets")
                    .withVerbs("get", "list", "watch")
                    .build())
            .build());
    objects.add(
        new RoleBindingBuilder()
            .withMetadata(labels.meta(name, labels.of(role)))
            .withNewRoleRef(RBAC, "Role", name)
            .withSubjects(subject(name))
            .build());
    if (role.takesCallers()) {
      objects.add(reviews(role, name));
    }
    return objects;
  }

  private Subject subject(String name) {
    return new SubjectBuilder()
        .withKind("ServiceAccount")
        .withName(name)
        .withNamespace(installation.namespace())
        .build();
  }

  /** Reviews are of the cluster, and so is their binding: no owner reference removes it. */
  private HasMetadata reviews(PodRole role, String name) {
    Map<String, String> all = labels.of(role);
    all.put("posthorn.dev/dispatcher-namespace", installation.namespace());
    return new ClusterRoleBindingBuilder()
        .withMetadata(
            new ObjectMetaBuilder()
                .withName(
                    GATEWAY_ROLE
                        + ":"
                        + installation.namespace()
                        + ":"
                        + installation.name().name())
                .withLabels(all)
                .build())
        .withNewRoleRef(RBAC, "ClusterRole", GATEWAY_ROLE)
        .withSubjects(subject(name))
        .build();
  }
}
