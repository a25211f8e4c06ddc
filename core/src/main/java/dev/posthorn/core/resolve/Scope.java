package dev.posthorn.core.resolve;

import dev.posthorn.core.config.KeysConfig;
import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.egress.EgressGuard;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What the objects of one resolution are resolved against.
 *
 * @param lookup core Secrets and ConfigMaps
 * @param schemes signature schemes
 * @param home the Dispatcher
 * @param guard judges URLs
 * @param expressions judges CEL
 * @param signingSecrets whether there is a SigningSecret
 * @param keys the keys of one that has keys
 * @param forTenants whether tenants read the findings
 */
record Scope(
    Lookup lookup,
    SchemeResolver schemes,
    Home home,
    EgressGuard guard,
    ExpressionCheck expressions,
    Predicate<ResourceName> signingSecrets,
    Function<ResourceName, Optional<KeysConfig>> keys,
    boolean forTenants) {}
