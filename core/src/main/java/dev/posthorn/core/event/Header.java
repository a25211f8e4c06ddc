package dev.posthorn.core.event;

/**
 * One HTTP header of a publish or of a rendered body.
 *
 * @param name in any case when read, in lower case when written
 * @param value as on the wire
 */
public record Header(String name, String value) {

  @Override
  public String toString() {
    return "Header[" + name + "]";
  }
}
