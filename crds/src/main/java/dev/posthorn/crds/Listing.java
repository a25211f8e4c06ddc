package dev.posthorn.crds;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * How an API server merges a list: {@code x-kubernetes-list-type}, for which Fabric8 has no
 * annotation. A list of text or numbers without this annotation is a set.
 */
@Target(ElementType.FIELD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Listing {
  /**
   * The field by which items are told apart; empty: the list is atomic, because its order means
   * something.
   */
  String key() default "";
}
