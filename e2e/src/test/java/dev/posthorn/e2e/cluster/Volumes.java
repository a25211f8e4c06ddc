package dev.posthorn.e2e.cluster;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.SecretVolumeSource;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes the directories that a Pod's volumes are, among them the one with its token. */
final class Volumes {
  /** Exactly where every client looks for it. */
  private static final String SERVICE_ACCOUNT = "/run/secrets/kubernetes.io/serviceaccount";

  private static final String AUDIENCE = "https://kubernetes.default.svc";

  private final KubernetesClient client;
  private final Path caFile;
  private final Path claims;

  /**
   * Prepares.
   *
   * @param claims below which each claim has its directory
   */
  Volumes(KubernetesClient client, Path caFile, Path claims) {
    this.client = client;
    this.caFile = caFile;
    this.claims = claims;
  }

  /** The directories that a container may write, by mount path. */
  Map<String, Path> writable(Pod pod, Container container, Path directory) throws IOException {
    var mounts = new HashMap<String, Path>();
    for (VolumeMount mount : container.getVolumeMounts()) {
      Volume volume = volume(pod, mount);
      if (volume != null && volume.getEmptyDir() != null) {
        mounts.put(mount.getMountPath(), open(directory.resolve("volume-" + volume.getName())));
      } else if (volume != null && volume.getPersistentVolumeClaim() != null) {
        mounts.put(mount.getMountPath(), claim(pod, volume));
      }
    }
    return mounts;
  }

  private Path claim(Pod pod, Volume volume) throws IOException {
    String name = volume.getPersistentVolumeClaim().getClaimName();
    return open(claims.resolve(pod.getMetadata().getNamespace() + "-" + name));
  }

  /** The directories that it may only read, by mount path. */
  Map<String, Path> readable(Pod pod, Container container, Path directory) throws IOException {
    var mounts = new HashMap<String, Path>();
    for (VolumeMount mount : container.getVolumeMounts()) {
      Volume volume = volume(pod, mount);
      if (volume != null && volume.getSecret() != null) {
        var secret =
            client
                .secrets()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(volume.getSecret().getSecretName())
                .require();
        var files = new HashMap<String, byte[]>();
        secret.getData().forEach((key, text) -> files.put(key, Base64.getDecoder().decode(text)));
        mounts.put(
            mount.getMountPath(),
            write(directory.resolve(volume.getName()), named(files, volume.getSecret())));
      }
    }
    if (!Boolean.FALSE.equals(pod.getSpec().getAutomountServiceAccountToken())) {
      mounts.put(SERVICE_ACCOUNT, serviceAccount(pod, directory));
    }
    return mounts;
  }

  /** All entries, or those that {@code items} choose under the names that these give. */
  private static Map<String, byte[]> named(Map<String, byte[]> files, SecretVolumeSource volume) {
    if (volume.getItems().isEmpty()) {
      return files;
    }
    var chosen = new HashMap<String, byte[]>();
    for (KeyToPath item : volume.getItems()) {
      byte[] content = files.get(item.getKey());
      if (content == null) {
        throw new IllegalStateException(
            "Secret " + volume.getSecretName() + " has no entry " + item.getKey());
      }
      chosen.put(item.getPath(), content);
    }
    return chosen;
  }

  private Path serviceAccount(Pod pod, Path directory) throws IOException {
    String namespace = pod.getMetadata().getNamespace();
    TokenRequest token =
        client
            .serviceAccounts()
            .inNamespace(namespace)
            .withName(pod.getSpec().getServiceAccountName())
            .tokenRequest(
                new TokenRequestBuilder()
                    .withNewSpec()
                    .withExpirationSeconds(3600L)
                    .withAudiences(List.of(AUDIENCE))
                    .withNewBoundObjectRef()
                    .withApiVersion("v1")
                    .withKind("Pod")
                    .withName(pod.getMetadata().getName())
                    .withUid(pod.getMetadata().getUid())
                    .endBoundObjectRef()
                    .endSpec()
                    .build());
    Path folder = directory.resolve("serviceaccount");
    write(
        folder,
        Map.of(
            "token", token.getStatus().getToken().getBytes(StandardCharsets.UTF_8),
            "namespace", namespace.getBytes(StandardCharsets.UTF_8)));
    Files.copy(caFile, folder.resolve("ca.crt"), StandardCopyOption.REPLACE_EXISTING);
    return folder;
  }

  private static Path write(Path folder, Map<String, byte[]> files) throws IOException {
    Files.createDirectories(folder);
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Files.write(folder.resolve(file.getKey()), file.getValue());
    }
    return folder;
  }

  /** As fsGroup would make it: the Pod's user may write. */
  private static Path open(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    return folder;
  }

  private static @Nullable Volume volume(Pod pod, VolumeMount mount) {
    return pod.getSpec().getVolumes().stream()
        .filter(volume -> volume.getName().equals(mount.getName()))
        .findFirst()
        .orElse(null);
  }

  /** The name under which a claim is known. */
  static String name(PersistentVolumeClaim claim) {
    return claim.getMetadata().getNamespace() + "-" + claim.getMetadata().getName();
  }
}
