package dev.posthorn.core.resolve;

/**
 * Where in a file something stands.
 *
 * @param file path as given to the reader
 * @param line from 1
 */
public record Place(String file, int line) {
  @Override
  public String toString() {
    return file + ":" + line;
  }
}
