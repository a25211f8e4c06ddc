package dev.posthorn.dispatcher;

import dev.posthorn.dispatcher.api.OperatorView.ConfigSeen;
import dev.posthorn.dispatcher.http.Callers;
import java.util.function.Supplier;

/**
 * What a dispatcher in a cluster answers besides.
 *
 * @param operator who may ask
 * @param config how far it has followed the config objects
 */
record ClusterSide(Callers operator, Supplier<ConfigSeen> config) {}
