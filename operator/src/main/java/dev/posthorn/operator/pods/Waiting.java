package dev.posthorn.operator.pods;

import dev.posthorn.core.resolve.ResourceRef;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The config objects of one Dispatcher that have not come all the way. Thread-safe. */
final class Waiting {
  private record Awaited(String secret, long version, Seen.Verdict told) {}

  private final Map<ResourceRef, Awaited> objects = new HashMap<>(); // guarded by this

  /**
   * Waits for {@code source} to come further than {@code told}.
   *
   * @param secret name of the config object's Secret
   */
  synchronized void add(ResourceRef source, String secret, long version, Seen.Verdict told) {
    objects.put(source, new Awaited(secret, version, told));
  }

  synchronized void remove(ResourceRef source) {
    objects.remove(source);
  }

  synchronized boolean isEmpty() {
    return objects.isEmpty();
  }

  /** Those that are further now, which are waited for no longer. */
  synchronized List<ResourceRef> further(Seen seen) {
    var further = new ArrayList<ResourceRef>();
    objects.forEach((source, object) -> {
      if (!seen.verdict(object.secret(), object.version()).equals(object.told())) {
        further.add(source);
      }
    });
    further.forEach(objects::remove);
    return further;
  }
}
