package dev.posthorn.core.resolve;

import dev.posthorn.core.config.KeysConfig;
import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.egress.EgressGuard;
import java.util.Map;
import java.util.Set;

/**
 * What the objects of one resolution are resolved against.
 *
 * @param lookup core Secrets and ConfigMaps
 * @param schemes signature schemes
 * @param home the Dispatcher
 * @param guard judges URLs
 * @param expressions judges CEL
 * @param signingSecrets all SigningSecrets there are
 * @param keys those of them that have keys
 * @param forTenants whether tenants read the findings
 */
record Scope(
    Lookup lookup,
    SchemeResolver schemes,
    Home home,
    EgressGuard guard,
    ExpressionCheck expressions,
    Set<ResourceName> signingSecrets,
    Map<ResourceName, KeysConfig> keys,
    boolean forTenants) {}
