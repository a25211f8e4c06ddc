package dev.posthorn.core.config;

import dev.posthorn.crds.SignatureSchemeSpec;

/**
 * A scheme of the user's own, a SignatureScheme; built-in ones live in the program.
 *
 * @param name with a dot in it
 * @param spec how to sign and verify; valid
 */
public record SchemeConfig(String name, SignatureSchemeSpec spec) {}
