package dev.posthorn.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.core.config.ResourceName;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RecentTest {
  private static final ResourceName NAME = new ResourceName("acme", "s");

  private final Recent recent = new Recent();

  @Test
  void whatWasWrittenIsNewerThanWhatAWatchStillShows() {
    recent.wrote(secret(10));

    assertThat(recent.newest(NAME, Optional.of(secret(9)))).contains(secret(10));
    assertThat(recent.newest(NAME, Optional.empty())).contains(secret(10));
  }

  @Test
  void onceTheWatchHasCaughtUpItAloneCounts() {
    recent.wrote(secret(9));

    assertThat(recent.newest(NAME, Optional.of(secret(10)))).contains(secret(10));
    assertThat(recent.newest(NAME, Optional.empty())).isEmpty();
  }

  @Test
  void aLaterDeletionTakesWhatWasWrittenWithIt() {
    recent.wrote(secret(10));
    recent.gone(secret(11));

    assertThat(recent.newest(NAME, Optional.empty())).isEmpty();
  }

  @Test
  void anEarlierDeletionDoesNot() {
    recent.wrote(secret(10));
    recent.gone(secret(9));

    assertThat(recent.newest(NAME, Optional.empty())).contains(secret(10));
  }

  private static Secret secret(long version) {
    return new SecretBuilder()
        .withNewMetadata()
        .withNamespace(NAME.namespace())
        .withName(NAME.name())
        .withResourceVersion(String.valueOf(version))
        .endMetadata()
        .build();
  }
}
