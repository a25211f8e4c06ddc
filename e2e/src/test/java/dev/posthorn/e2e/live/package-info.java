/** Changes of the manifests come into effect while it runs. */
@NullMarked
package dev.posthorn.e2e.live;

import org.jspecify.annotations.NullMarked;
