/** What a real API server says of every manifest that the tests of crds judge offline. */
@NullMarked
package dev.posthorn.e2e.manifest;

import org.jspecify.annotations.NullMarked;
