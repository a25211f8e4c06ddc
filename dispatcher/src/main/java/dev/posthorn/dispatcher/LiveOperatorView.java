package dev.posthorn.dispatcher;

import dev.posthorn.dispatcher.api.OperatorView;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the operator sees of this process. */
record LiveOperatorView(Supplier<ConfigSeen> seen, EndpointTransitions transitions)
    implements OperatorView {
  @Override
  public ConfigSeen config() {
    return seen.get();
  }

  @Override
  public Changes endpoints(@Nullable String cursor) {
    return transitions.since(cursor);
  }
}
