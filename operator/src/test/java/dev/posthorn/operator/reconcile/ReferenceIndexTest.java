package dev.posthorn.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.resolve.Kind;
import dev.posthorn.core.resolve.ResourceRef;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReferenceIndexTest {
  private static final ResourceRef ENDPOINT = ref(Kind.WEBHOOK_ENDPOINT, "e");
  private static final ResourceRef OLD = ref(Kind.SIGNING_SECRET, "old");
  private static final ResourceRef NEW = ref(Kind.SIGNING_SECRET, "new");
  private static final ResourceRef HOME = ref(Kind.DISPATCHER, "default");

  private final ReferenceIndex index = new ReferenceIndex();

  @Test
  void aChangeNamesWhatIsGainedAndWhatIsLost() {
    assertThat(index.put(ENDPOINT, Set.of(OLD, HOME))).containsExactlyInAnyOrder(OLD, HOME);

    assertThat(index.put(ENDPOINT, Set.of(NEW, HOME))).containsExactlyInAnyOrder(OLD, NEW);
    assertThat(index.referrers(OLD)).isEmpty();
    assertThat(index.referrers(NEW)).containsExactly(ENDPOINT);
    assertThat(index.referrers(HOME)).containsExactly(ENDPOINT);
  }

  @Test
  void theSameAgainIsNoChange() {
    index.put(ENDPOINT, Set.of(OLD));

    assertThat(index.put(ENDPOINT, Set.of(OLD))).isEmpty();
  }

  @Test
  void whatIsGoneRefersToNothing() {
    index.put(ENDPOINT, Set.of(OLD, HOME));

    assertThat(index.put(ENDPOINT, Set.of())).containsExactlyInAnyOrder(OLD, HOME);
    assertThat(index.objects()).isEmpty();
    assertThat(index.targets(ENDPOINT)).isEmpty();
  }

  private static ResourceRef ref(Kind kind, String name) {
    return new ResourceRef(kind, new ResourceName("acme", name));
  }
}
