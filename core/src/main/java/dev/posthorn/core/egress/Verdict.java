package dev.posthorn.core.egress;

/** The answer of {@link EgressGuard}. */
public sealed interface Verdict {
  /** All that a tenant is told of any denial: which rule it was would map the network for him. */
  String FOR_TENANTS =
      "this destination is not allowed; use a public https URL or ask the platform team";

  /** Whether the destination may be used. */
  default boolean allowed() {
    return this instanceof Allowed;
  }

  /** May be used, as far as this judgement sees. */
  record Allowed() implements Verdict {
    static final Allowed ALLOWED = new Allowed();
  }

  /**
   * May not be used.
   *
   * @param rule the first rule that denies
   * @param sentence for the platform, with the cure; never holds more of a URL than host and port
   */
  record Denied(EgressRule rule, String sentence) implements Verdict {}
}
