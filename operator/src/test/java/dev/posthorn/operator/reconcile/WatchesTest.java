package dev.posthorn.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.resolve.Kind;
import dev.posthorn.core.resolve.ResourceRef;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.processing.event.Event;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WatchesTest {
  private static final ResourceName DISPATCHER = new ResourceName("hooks", "default");
  private static final ResourceRef HERE = new ResourceRef(Kind.DISPATCHER, DISPATCHER);
  private static final ResourceRef ELSEWHERE =
      new ResourceRef(Kind.DISPATCHER, new ResourceName("other", "default"));
  private static final ResourceRef KEYS = signingSecret("acme");
  private static final ResourceRef OTHER_KEYS = signingSecret("globex");

  private final Watches watches = new Watches();
  private final Set<String> woken = new TreeSet<>();

  @BeforeEach
  void listen() {
    for (Kind kind :
        Set.of(Kind.WEBHOOK_ENDPOINT, Kind.EVENT_STREAM, Kind.SIGNING_SECRET, Kind.DISPATCHER)) {
      Wakes<HasMetadata> wakes = watches.of(kind);
      wakes.setEventHandler(event -> woken.add(name(kind, event)));
      wakes.start();
    }
    watches.refers(endpoint("acme"), Set.of(HERE, KEYS));
    watches.refers(endpoint("globex"), Set.of(ELSEWHERE, OTHER_KEYS));
    watches.refers(stream("acme"), Set.of(HERE));
    woken.clear();
  }

  @Test
  void aPodThatLosesItsWatchConcernsAllThatItsDispatcherWorksWith() {
    watches.stale(DISPATCHER);

    assertThat(woken)
        .containsExactly("EventStream acme", "SigningSecret acme", "WebhookEndpoint acme");
  }

  @Test
  void aNewHomeIsForAllThatItsDispatcherWorksWith() {
    watches.home(DISPATCHER);

    assertThat(woken)
        .containsExactly("EventStream acme", "SigningSecret acme", "WebhookEndpoint acme");
  }

  @Test
  void keysWakeWhoSignsWithThem() {
    watches.keyring(KEYS.name());

    assertThat(woken).containsExactly("SigningSecret acme", "WebhookEndpoint acme");
  }

  @Test
  void keysThatAnEndpointGetsOrLosesGoElsewhereNow() {
    var lost = new TreeSet<String>();
    watches.lost(ref -> lost.add(ref.name().namespace()));

    watches.refers(endpoint("acme"), Set.of(HERE, OTHER_KEYS));

    assertThat(woken).containsExactly("SigningSecret acme", "SigningSecret globex");
    assertThat(lost).containsExactly("acme");
  }

  @Test
  void deniedKeysMayBeThoseOfAnySigningSecretThere() {
    watches.denials(DISPATCHER);

    assertThat(woken).containsExactly("SigningSecret acme");
  }

  @Test
  void anOwnWriteOfTheConfigWakesOnlyWhoWaitsForIt() {
    watches.config(endpoint("acme"), true);
    assertThat(woken).isEmpty();

    watches.config(KEYS, true);
    assertThat(woken).containsExactly("WebhookEndpoint acme");
  }

  @Test
  void anotherHandOnTheConfigWakesItsSource() {
    watches.config(endpoint("acme"), false);

    assertThat(woken).containsExactly("WebhookEndpoint acme");
  }

  @Test
  void labelsOfANamespaceConcernWhatIsInIt() {
    watches.namespace("acme");

    assertThat(woken)
        .containsExactly("EventStream acme", "SigningSecret acme", "WebhookEndpoint acme");
  }

  private static ResourceRef endpoint(String namespace) {
    return new ResourceRef(Kind.WEBHOOK_ENDPOINT, new ResourceName(namespace, "hook"));
  }

  private static ResourceRef stream(String namespace) {
    return new ResourceRef(Kind.EVENT_STREAM, new ResourceName(namespace, "orders"));
  }

  private static ResourceRef signingSecret(String namespace) {
    return new ResourceRef(Kind.SIGNING_SECRET, new ResourceName(namespace, "keys"));
  }

  private static String name(Kind kind, Event event) {
    return kind + " " + event.getRelatedCustomResourceID().getNamespace().orElse("");
  }
}
