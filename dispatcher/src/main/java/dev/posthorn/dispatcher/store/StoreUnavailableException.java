package dev.posthorn.dispatcher.store;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** The store cannot write now: the disk is full, the database is away. Nothing was accepted. */
public final class StoreUnavailableException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final boolean unknown;

  /**
   * Creates the exception.
   *
   * @param message one sentence: what failed and what to do
   * @param unknown whether the transaction may nevertheless have been committed
   * @param cause what the database said; null where it was not asked
   */
  public StoreUnavailableException(String message, boolean unknown, @Nullable Throwable cause) {
    super(message, cause);
    this.unknown = unknown;
  }

  /** Whether the transaction may nevertheless have been committed. */
  public boolean unknown() {
    return unknown;
  }
}
