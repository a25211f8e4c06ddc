package dev.posthorn.core.expression;

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
}
