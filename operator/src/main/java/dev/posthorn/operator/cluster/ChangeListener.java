package dev.posthorn.operator.cluster;

import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.resolve.ResourceRef;
import java.util.Set;

/** Is told what has changed, once that can be read. On a watch's thread: returns quickly. */
public interface ChangeListener {
  /**
   * What an object that refers to others refers to now; nothing if it is gone. Told of every such
   * object before the caches count as started.
   */
  void refers(ResourceRef object, Set<ResourceRef> targets);

  /** An object that others may refer to, or its absence. */
  void object(ResourceRef ref);

  /** The stored keys of a SigningSecret, by somebody else's hand. */
  void keyring(ResourceName signingSecret);

  /**
   * A config object, by what it was made from.
   *
   * @param own whether this process has written it so
   */
  void config(ResourceRef source, boolean own);

  /** Something that a Dispatcher is made of: its workload, its pods. */
  void installation(ResourceName dispatcher);

  /** Where the config objects of a Dispatcher belong to, or its absence. */
  void home(ResourceName dispatcher);

  /** The labels of a namespace. */
  void namespace(String name);
}
