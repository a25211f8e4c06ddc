package dev.posthorn.e2e.cluster;

import io.fabric8.kubernetes.api.model.PersistentVolumeBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.storage.StorageClassBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.nio.file.Path;

/** The default StorageClass: makes a volume for each claim, which the controllers then bind. */
final class VolumeProvisioner implements AutoCloseable {
  private static final String CLASS = "local";

  private final KubernetesClient client;
  private final Path directory;
  private final SharedIndexInformer<PersistentVolumeClaim> claims;

  VolumeProvisioner(KubernetesClient client, Path directory) {
    this.client = client;
    this.directory = directory;
    this.claims =
        client
            .persistentVolumeClaims()
            .inAnyNamespace()
            .runnableInformer(0)
            .addEventHandler(new Handler());
  }

  void start() {
    client
        .storage()
        .v1()
        .storageClasses()
        .resource(
            new StorageClassBuilder()
                .withNewMetadata()
                .withName(CLASS)
                .addToAnnotations("storageclass.kubernetes.io/is-default-class", "true")
                .endMetadata()
                .withProvisioner("kubernetes.io/no-provisioner")
                .withVolumeBindingMode("Immediate")
                .build())
        .create();
    claims.run();
  }

  private void provide(PersistentVolumeClaim claim) {
    String name = Volumes.name(claim);
    client
        .persistentVolumes()
        .resource(
            new PersistentVolumeBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .withStorageClassName(CLASS)
                .withAccessModes(claim.getSpec().getAccessModes())
                .withCapacity(claim.getSpec().getResources().getRequests())
                .withPersistentVolumeReclaimPolicy("Retain")
                .withNewHostPath()
                .withPath(directory.resolve(name).toString())
                .endHostPath()
                .withNewClaimRef()
                .withNamespace(claim.getMetadata().getNamespace())
                .withName(claim.getMetadata().getName())
                .withUid(claim.getMetadata().getUid())
                .endClaimRef()
                .endSpec()
                .build())
        .create();
  }

  @Override
  public void close() {
    claims.close();
  }

  private final class Handler implements ResourceEventHandler<PersistentVolumeClaim> {
    @Override
    public void onAdd(PersistentVolumeClaim claim) {
      if (claim.getSpec().getVolumeName() == null) {
        provide(claim);
      }
    }

    @Override
    public void onUpdate(PersistentVolumeClaim before, PersistentVolumeClaim after) {}

    @Override
    public void onDelete(PersistentVolumeClaim claim, boolean lastStateUnknown) {}
  }
}
