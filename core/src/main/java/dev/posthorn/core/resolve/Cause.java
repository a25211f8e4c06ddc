package dev.posthorn.core.resolve;

import dev.posthorn.crds.Reason;

/** Why there is a finding: one word for programs. */
public sealed interface Cause {
  /** The word. */
  String word();

  /**
   * What an API server would have refused: there is no object at all, so a directory that holds it
   * stays as it was.
   */
  enum Manifest implements Cause {
    /** Not YAML. Cure: mend the spelling at the line named. */
    Unreadable,
    /** A kind that is not ours, or no kind. Cure: correct it, or keep it in another directory. */
    UnknownKind,
    /** A field that the kind does not have. Cure: the message says which it has. */
    UnknownField,
    /** A value that its field does not admit, or a field that is missing. Cure: see the message. */
    InvalidField,
    /** The same object twice. Cure: remove one of both files' objects. */
    Duplicate;

    @Override
    public String word() {
      return name();
    }
  }

  /** An object that is there but cannot come into effect; the others do. */
  enum Refusal implements Cause {
    /** A part of a resource that this version does not have yet. Cure: remove the field. */
    NotBuilt,
    /** A value that its schema admits and that means nothing. Cure: see the message. */
    InvalidValue,
    /** A SignatureScheme whose descriptor contradicts itself. Cure: see the message. */
    InvalidScheme,
    /** A header that the endpoint's signature scheme sets itself. Cure: remove the header. */
    HeaderConflict,
    /** A Secret or ConfigMap whose content is not what is needed. Cure: see the message. */
    UnusableContent;

    @Override
    public String word() {
      return name();
    }
  }

  /** An object whose condition says so too. */
  record Condition(Reason reason) implements Cause {
    @Override
    public String word() {
      return reason.name();
    }
  }
}
