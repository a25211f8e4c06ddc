package dev.posthorn.dispatcher.send;

import java.net.InetAddress;
import java.util.List;

/** Looks up a name once, without a cache of its own; may block for long. */
@FunctionalInterface
public interface NameResolver {
  /** All addresses of {@code name}, which ends in a dot where no search list may complete it. */
  Answer resolve(String name);

  /** What the name servers said. */
  sealed interface Answer {}

  /** At least one address. */
  record Found(List<InetAddress> addresses) implements Answer {
    /** Copies. */
    public Found {
      addresses = List.copyOf(addresses);
    }
  }

  /** The name does not exist or has no address. */
  record NotFound() implements Answer {}

  /** No answer, or one that says: later. */
  record Unavailable() implements Answer {}
}
