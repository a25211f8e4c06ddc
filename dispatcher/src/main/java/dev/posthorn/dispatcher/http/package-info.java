/**
 * The HTTP side that all servers of the program share: the server with its limits, the router, the
 * problems it answers with, and who calls ({@link dev.posthorn.dispatcher.http.Callers}).
 *
 * <p>Every request runs on a virtual thread of its own and may block. A handler ends in a {@link
 * dev.posthorn.dispatcher.http.Reply}, or in a {@link
 * dev.posthorn.dispatcher.http.ProblemException} that the server turns into an RFC 9457 problem.
 */
@NullMarked
package dev.posthorn.dispatcher.http;

import org.jspecify.annotations.NullMarked;
