/** A Dispatcher resource in, the Kubernetes objects that run it out. Pure: no client, no clock. */
@NullMarked
package dev.posthorn.operator.workload;

import org.jspecify.annotations.NullMarked;
