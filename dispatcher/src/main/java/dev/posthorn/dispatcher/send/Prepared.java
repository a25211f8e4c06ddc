package dev.posthorn.dispatcher.send;

import dev.posthorn.core.config.OutcomeClass;
import java.util.List;

/** A delivery made ready to be sent, or why that cannot be. */
public sealed interface Prepared {
  /**
   * Ready.
   *
   * @param request signed, with all its headers
   * @param frozen the body as every further attempt must send it
   * @param keyIds ids of the keys that signed, newest first, scheme after scheme
   */
  record Ready(OutboundRequest request, FrozenBody frozen, List<String> keyIds)
      implements Prepared {}

  /**
   * Nothing can be sent now.
   *
   * @param outcome {@code payload_error} or {@code signing_unavailable}
   * @param reason one sentence for people, with the cure
   */
  record Unsendable(OutcomeClass outcome, String reason) implements Prepared {}
}
