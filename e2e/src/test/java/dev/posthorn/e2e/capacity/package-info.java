/**
 * What one process bears, and that no tenant can hurt another. The tests assert what is not a
 * matter of time; the programs {@code *Benchmark} play the same scenes in full size and print
 * figures. Run them as docs/capacity.md says.
 */
@NullMarked
package dev.posthorn.e2e.capacity;

import org.jspecify.annotations.NullMarked;
