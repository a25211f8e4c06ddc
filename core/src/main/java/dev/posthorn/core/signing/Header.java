package dev.posthorn.core.signing;

/**
 * One header line, spelled as it goes over the wire.
 *
 * @param name compared without regard to case
 */
public record Header(String name, String value) {}
