package dev.posthorn.core.expression;

import dev.posthorn.core.event.PublishedEvent;
import org.jspecify.annotations.Nullable;

/** What a mapping made of one record of a stream. */
public sealed interface MappingOutcome {

  /** The event that the record is. */
  record Mapped(PublishedEvent event) implements MappingOutcome {}

  /**
   * The record is no event: it is stored as rejected.
   *
   * @param field the attribute that could not be mapped; null if it is not one attribute's fault
   * @param reason for people; quotes the expression, never the record
   */
  record Unmapped(@Nullable String field, String reason) implements MappingOutcome {}
}
