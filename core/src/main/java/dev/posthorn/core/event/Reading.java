package dev.posthorn.core.event;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What reading a publish gave: all of its events, or why none of them is taken. */
public sealed interface Reading {

  /**
   * The events in the order of the request; more than one only in a batch, none in an empty one.
   *
   * @param batch whether the producer sent a batch, which is answered as a list even with one event
   */
  record Events(List<PublishedEvent> events, boolean batch) implements Reading {
    /** Copies the list. */
    public Events {
      events = List.copyOf(events);
    }
  }

  /**
   * Nothing is taken.
   *
   * @param kind why, as the class of the answer
   * @param field the field or header at fault, for example {@code tenant} or {@code [3].time}; null
   *     if the fault is not one field's
   * @param detail one sentence for people, with the cure; quotes no data
   */
  record Refused(Kind kind, @Nullable String field, String detail) implements Reading {}

  /** Why a publish is refused. */
  enum Kind {
    /** Not what its content type says: 400. Cure: send well-formed JSON in UTF-8. */
    UNREADABLE(400),
    /** The content type is none of those that the API takes: 415. Cure: name one of them. */
    UNSUPPORTED_TYPE(415),
    /** Readable, but a field is missing or out of bounds: 422. Cure: mend the field. */
    INVALID(422);

    private final int status;

    Kind(int status) {
      this.status = status;
    }

    /** The HTTP status that says the same. */
    public int status() {
      return status;
    }
  }
}
