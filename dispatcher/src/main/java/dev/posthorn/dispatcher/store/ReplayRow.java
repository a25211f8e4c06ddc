package dev.posthorn.dispatcher.store;

import java.time.Instant;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A replay as the store has it: what is wanted, and how far that is.
 *
 * @param number unique, ascending
 * @param upTo sequence number of the last event when it was asked for
 * @param caller who asked for it
 * @param since when the state began
 * @param cursor where the next slice begins; empty at the beginning
 * @param reached acceptance of the event looked at last; null at the beginning
 */
public record ReplayRow(
    long number,
    String tenant,
    ReplayWish wish,
    long upTo,
    String caller,
    Instant created,
    State state,
    Instant since,
    String cursor,
    @Nullable Instant reached,
    Counts counts) {

  /** Where a replay stands. From {@link #RUNNING} it goes to one of the others, and stays there. */
  public enum State {
    /** It goes on, also after a restart. */
    RUNNING("Running"),
    /** It has looked at everything. */
    DONE("Done"),
    /** Somebody cancelled it; what it had opened goes on. */
    CANCELLED("Cancelled"),
    /** An internal error ended it, which is in the log of the process. */
    FAILED("Failed");

    private final String wire;

    State(String wire) {
      this.wire = wire;
    }

    /** As answers spell it, and rows. */
    public String wire() {
      return wire;
    }

    static State ofWire(String wire) {
      return Stream.of(values())
          .filter(each -> each.wire.equals(wire))
          .findFirst()
          .orElseThrow(() ->
              new IllegalStateException("replay state " + wire + " in the database is unknown"));
    }
  }

  /**
   * Counts of deliveries.
   *
   * @param selected looked at and wanted: the sum of the other three
   * @param opened opened again, or for the first time
   * @param hastened that waited for a retry, and are due now
   * @param skipped left as they are: due already, or {@code expired}
   * @param expired of those, whose event's data retention has deleted
   */
  public record Counts(long selected, long opened, long hastened, long skipped, long expired) {
    /** None yet. */
    public static final Counts NONE = new Counts(0, 0, 0, 0, 0);
  }
}
