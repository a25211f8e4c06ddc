/**
 * One HTTP request to a receiver and how it ended: transport, egress guard at name and socket, TLS,
 * outcome classes. The client library is hidden behind {@link
 * dev.posthorn.dispatcher.send.Transport}.
 */
@NullMarked
package dev.posthorn.dispatcher.send;

import org.jspecify.annotations.NullMarked;
