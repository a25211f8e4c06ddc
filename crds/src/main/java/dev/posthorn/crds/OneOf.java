package dev.posthorn.crds;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The values that a text of a status may have. They are the schema's {@code enum}, but text in
 * Java, so that a reader survives a value that a newer operator wrote.
 */
@Target(ElementType.FIELD)
@Retention(RetentionPolicy.RUNTIME)
public @interface OneOf {
  /** The values, in the order of the documentation. */
  String[] value();
}
