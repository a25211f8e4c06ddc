package dev.posthorn.core.event;

import org.jspecify.annotations.Nullable;

/** Ends the reading of a publish; {@link EventReader} turns it into the value that it carries. */
final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Reading.Refused refused;

  RefusedException(Reading.Refused refused) {
    super(refused.detail(), null, false, false);
    this.refused = refused;
  }

  static RefusedException invalid(@Nullable String field, String detail) {
    return new RefusedException(new Reading.Refused(Reading.Kind.INVALID, field, detail));
  }

  static RefusedException unreadable(@Nullable String field, String detail) {
    return new RefusedException(new Reading.Refused(Reading.Kind.UNREADABLE, field, detail));
  }

  /** The same, for the event at {@code index} of a batch. */
  RefusedException inBatch(int index) {
    String field =
        refused.field() == null ? "[" + index + "]" : "[" + index + "]." + refused.field();
    return new RefusedException(new Reading.Refused(refused.kind(), field, refused.detail()));
  }

  Reading.Refused refused() {
    return refused;
  }
}
