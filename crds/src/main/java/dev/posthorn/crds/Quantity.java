package dev.posthorn.crds;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A quantity, or a map of them: text such as {@code 8Gi} or a plain number, {@code
 * x-kubernetes-int-or-string}.
 */
@Target(ElementType.FIELD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Quantity {}
