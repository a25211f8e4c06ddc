/** The config objects and words that operator and dispatcher share: their contract. */
@NullMarked
package dev.posthorn.core.config;

import org.jspecify.annotations.NullMarked;
