/** The main job with its deliveries in PostgreSQL, whose server and whose user die. */
@NullMarked
package dev.posthorn.e2e.postgres;

import org.jspecify.annotations.NullMarked;
