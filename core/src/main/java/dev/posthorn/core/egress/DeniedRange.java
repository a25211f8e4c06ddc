package dev.posthorn.core.egress;

/**
 * A row of {@link DenyList}.
 *
 * @param cidr the range
 * @param rule what a denial by it is called
 * @param reason what the range is, with its source
 */
public record DeniedRange(Cidr cidr, EgressRule rule, String reason) {}
