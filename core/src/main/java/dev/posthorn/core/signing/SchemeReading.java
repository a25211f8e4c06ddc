package dev.posthorn.core.signing;

import java.util.List;

/** What a descriptor, or the name of a scheme, turned out to be. */
public sealed interface SchemeReading {
  /** Ready for use. */
  record Compiled(Scheme scheme) implements SchemeReading {}

  /**
   * Not to be used.
   *
   * @param findings at least one
   */
  record Refused(List<SchemeFinding> findings) implements SchemeReading {
    /** Takes a copy of the list. */
    public Refused {
      findings = List.copyOf(findings);
    }
  }
}
