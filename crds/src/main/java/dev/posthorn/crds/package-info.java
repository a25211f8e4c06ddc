/**
 * The custom resources of {@code posthorn.dev/v1alpha1} as records, and their schemas.
 *
 * <p>A record is the one source of its schema: the component's name is the YAML field, an
 * annotation is its bound, a component that is neither {@code @Nullable} nor given a value by the
 * compact constructor is required, and the value which that constructor gives to an absent field is
 * the schema's default. So a manifest means the same with an API server, which fills in the
 * schema's defaults, and without one.
 *
 * <p>Lists and maps are never null and cannot be changed. Times are RFC 3339 text that {@link
 * java.time.OffsetDateTime#parse(CharSequence)} reads, so that a mapper without extra modules can
 * read every record.
 */
@NullMarked
package dev.posthorn.crds;

import org.jspecify.annotations.NullMarked;
