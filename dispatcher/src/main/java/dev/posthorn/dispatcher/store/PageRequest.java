package dev.posthorn.dispatcher.store;

/**
 * Asks for the next {@value #ROWS} open deliveries of one side of an endpoint.
 *
 * @param endpoint its number
 * @param side which set
 * @param afterDue the key after which to read: its due (0 on the fresh side); -1 for the beginning
 * @param afterSeq the key after which to read: its seq; -1 for the beginning
 * @param window tells the reply's reader which window asked; a reply to an old window is ignored
 */
public record PageRequest(int endpoint, Side side, long afterDue, long afterSeq, long window) {
  /** Rows in a full page. */
  public static final int ROWS = 64;
}
