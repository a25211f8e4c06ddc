/** How commands speak to the person who typed them: refusals, exit codes, log lines. */
@NullMarked
package dev.posthorn.cli.terminal;

import org.jspecify.annotations.NullMarked;
