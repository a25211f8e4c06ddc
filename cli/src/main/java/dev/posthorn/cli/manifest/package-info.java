/** The directory of manifests that {@code run} lives by: read as a whole, watched for changes. */
@NullMarked
package dev.posthorn.cli.manifest;

import org.jspecify.annotations.NullMarked;
