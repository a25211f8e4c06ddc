package dev.posthorn.e2e.cluster;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.SecretKeySelector;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The environment of a container. Pods share the network of the machine, each under an address of
 * its own: {@code 0.0.0.0:}, all addresses of the Pod, is given as that one.
 */
record PodEnvironment(KubernetesClient client, Pod pod, String podIp) {
  private static final String ANYWHERE = "0.0.0.0:";

  Map<String, String> of(Container container) {
    var environment = new TreeMap<String, String>();
    for (EnvVar each : container.getEnv()) {
      environment.put(each.getName(), own(value(each)));
    }
    return environment;
  }

  List<String> arguments(Container container) {
    return container.getArgs().stream().map(this::own).toList();
  }

  private String own(String value) {
    return value.startsWith(ANYWHERE) ? podIp + ":" + value.substring(ANYWHERE.length()) : value;
  }

  private String value(EnvVar variable) {
    EnvVarSource source = variable.getValueFrom();
    if (source == null) {
      return variable.getValue() == null ? "" : variable.getValue();
    }
    if (source.getFieldRef() != null) {
      return field(source.getFieldRef().getFieldPath());
    }
    if (source.getSecretKeyRef() != null) {
      return secret(source.getSecretKeyRef());
    }
    throw new IllegalArgumentException("not built: the source of " + variable.getName());
  }

  private String field(String path) {
    return switch (path) {
      case "metadata.name" -> pod.getMetadata().getName();
      case "metadata.namespace" -> pod.getMetadata().getNamespace();
      case "metadata.uid" -> pod.getMetadata().getUid();
      case "status.podIP" -> podIp;
      case "spec.nodeName" -> pod.getSpec().getNodeName();
      default -> throw new IllegalArgumentException("not built: the field " + path);
    };
  }

  private String secret(SecretKeySelector ref) {
    String text =
        client
            .secrets()
            .inNamespace(pod.getMetadata().getNamespace())
            .withName(ref.getName())
            .require()
            .getData()
            .get(ref.getKey());
    return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
  }
}
