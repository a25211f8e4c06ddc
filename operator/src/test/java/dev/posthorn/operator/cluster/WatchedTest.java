package dev.posthorn.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.crds.Dispatcher;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WatchedTest {
  @Test
  void aStatusIsNoNews() {
    assertThat(Watched.differInSpec(dispatcher(3, "100"), dispatcher(3, "101"))).isFalse();
  }

  @Test
  void aSpecALabelAndADeletionAre() {
    Dispatcher before = dispatcher(3, "100");
    assertThat(Watched.differInSpec(before, dispatcher(4, "101"))).isTrue();

    Dispatcher labelled = dispatcher(3, "101");
    labelled.getMetadata().setLabels(Map.of("a", "b"));
    assertThat(Watched.differInSpec(before, labelled)).isTrue();

    Dispatcher deleted = dispatcher(3, "101");
    deleted.getMetadata().setDeletionTimestamp("2026-11-29T07:00:00Z");
    assertThat(Watched.differInSpec(before, deleted)).isTrue();
  }

  @Test
  void whatHasNoGenerationIsAlwaysNews() {
    Secret secret = new SecretBuilder().withNewMetadata().withName("a").endMetadata().build();
    assertThat(Watched.differInSpec(secret, secret)).isTrue();
  }

  private static Dispatcher dispatcher(long generation, String version) {
    var dispatcher = new Dispatcher();
    dispatcher.setMetadata(
        new ObjectMetaBuilder()
            .withName("default")
            .withUid("1")
            .withGeneration(generation)
            .withResourceVersion(version)
            .build());
    return dispatcher;
  }
}
