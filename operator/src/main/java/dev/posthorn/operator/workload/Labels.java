package dev.posthorn.operator.workload;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.Map;
import java.util.TreeMap;

/**
 * Names, labels and owner of what is made. A user's own labels are never copied: tools that track
 * by label would think that they made the object, and remove it.
 */
record Labels(Installation installation) {
  /** Labels of an object that belongs to all roles. */
  Map<String, String> common() {
    return new TreeMap<>(
        Map.of(
            "app.kubernetes.io/name", "posthorn-dispatcher",
            "app.kubernetes.io/instance", installation.name().name(),
            "app.kubernetes.io/managed-by", "posthorn",
            "app.kubernetes.io/part-of", "posthorn"));
  }

  Map<String, String> of(PodRole role) {
    Map<String, String> labels = common();
    labels.put(Workload.COMPONENT, role.word());
    return labels;
  }

  /** What selects the pods of a role; it never changes. */
  Map<String, String> selector(PodRole role) {
    Map<String, String> labels = new TreeMap<>(of(role));
    labels.keySet().removeIf(key -> key.endsWith("managed-by") || key.endsWith("part-of"));
    return labels;
  }

  /** What selects the pods of all roles. */
  Map<String, String> selector() {
    Map<String, String> labels = selector(PodRole.DISPATCHER);
    labels.remove(Workload.COMPONENT);
    return labels;
  }

  /** Of an object that goes with the Dispatcher. */
  ObjectMeta meta(String name, Map<String, String> labels) {
    return new ObjectMetaBuilder()
        .withNamespace(installation.namespace())
        .withName(name)
        .withLabels(labels)
        .addNewOwnerReference()
        .withApiVersion("posthorn.dev/v1alpha1")
        .withKind("Dispatcher")
        .withName(installation.name().name())
        .withUid(installation.uid())
        .withController(true)
        .withBlockOwnerDeletion(true)
        .endOwnerReference()
        .build();
  }

  String name(PodRole role) {
    return installation.name().name() + "-" + role.word();
  }
}
