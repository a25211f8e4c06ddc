package dev.posthorn.core.resolve;

import dev.posthorn.core.egress.AllowedCidr;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the caller knows and the resources do not.
 *
 * @param allowHttp opens http besides what the Dispatcher says
 * @param allowCidrs opened besides those of the Dispatcher
 * @param maxConcurrency most requests in flight, whatever the Dispatcher says; null = as it says
 * @param secretsElsewhere whether a core Secret or ConfigMap that is not among the resources may
 *     exist all the same, so that it is a note only
 * @param forTenants whether tenants read the findings: then a denied URL is explained by one
 *     constant text, since the rule would map the network for them
 */
public record ResolveOptions(
    boolean allowHttp,
    List<AllowedCidr> allowCidrs,
    @Nullable Integer maxConcurrency,
    boolean secretsElsewhere,
    boolean forTenants) {
  /** Nothing overridden; every Secret must be there; findings are for the platform. */
  public static final ResolveOptions DEFAULT =
      new ResolveOptions(false, List.of(), null, false, false);

  /** Copies the list. */
  public ResolveOptions {
    allowCidrs = List.copyOf(allowCidrs);
  }

  /** For looking at manifests only: a Secret need not be in Git. */
  public ResolveOptions forLint() {
    return new ResolveOptions(allowHttp, allowCidrs, maxConcurrency, true, forTenants);
  }
}
