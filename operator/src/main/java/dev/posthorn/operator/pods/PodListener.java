package dev.posthorn.operator.pods;

import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.resolve.ResourceRef;

/** Is told what pods report. On a thread of the poll: returns quickly. */
public interface PodListener {
  /** A config object has come further, or has fallen back. */
  void programmed(ResourceRef source);

  /** A pod has lost its watch for long, or all have theirs again. */
  void stale(ResourceName dispatcher);

  /** Pods of a Dispatcher cannot use their store, or can again. */
  void store(ResourceName dispatcher);

  /** A stream is connected otherwise than before. */
  void stream(ResourceName stream);

  /** An endpoint does otherwise than before. */
  void health(ResourceName endpoint);

  /** The pods of a Dispatcher know of other keys that are denied. */
  void denials(ResourceName dispatcher);
}
