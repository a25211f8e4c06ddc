package dev.posthorn.core.expression;

import java.util.function.Function;

/**
 * What compiling an expression gave.
 *
 * @param <T> the compiled form
 */
public sealed interface Compilation<T> {

  /** It compiles; {@code expression} is immutable and safe for any thread. */
  record Compiled<T>(T expression) implements Compilation<T> {}

  /** It does not. */
  record Invalid<T>(Finding finding) implements Compilation<T> {}

  /** The same with another compiled form. */
  default <R> Compilation<R> map(Function<? super T, ? extends R> form) {
    return switch (this) {
      case Compiled<T>(T expression) -> new Compiled<>(form.apply(expression));
      case Invalid<T>(Finding finding) -> new Invalid<>(finding);
    };
  }
}
