package dev.posthorn.core.expression;

/**
 * Why an expression is not accepted.
 *
 * @param line from 1; 0 if the finding is about the whole expression
 * @param column from 1; 0 if the finding is about the whole expression
 * @param cause what is wrong
 * @param cure what to do
 */
public record Finding(int line, int column, String cause, String cure) {

  /** One line for people: place, cause, cure. */
  public String message() {
    String place = line == 0 ? "" : "line " + line + ", column " + column + ": ";
    return place + cause + "; " + cure;
  }

  /** The same, about one of several expressions. */
  Finding in(String attribute) {
    return new Finding(line, column, attribute + ": " + cause, cure);
  }
}
