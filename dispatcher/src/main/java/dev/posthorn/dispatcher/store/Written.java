package dev.posthorn.dispatcher.store;

import java.util.List;

/** The answer to a {@link Write}, valid once its transaction is committed. */
public sealed interface Written {
  /** One answer per event of an {@link Write.Accept}, in its order. */
  record Accepts(List<Accepted> answers) implements Written {}

  /**
   * The answer to {@link Write.Record}.
   *
   * @param applied false where the delivery was not open: nothing was written
   */
  record Recorded(boolean applied) implements Written {}

  /** The answer to {@link Write.Register}. */
  record Registered(EndpointRow row) implements Written {}

  /** Written, nothing to tell. */
  record Done() implements Written {}
}
