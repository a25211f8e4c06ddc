/** A real Kubernetes control plane on loopback, and Pods as local processes. */
@NullMarked
package dev.posthorn.e2e.cluster;

import org.jspecify.annotations.NullMarked;
