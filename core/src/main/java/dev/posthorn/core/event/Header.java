package dev.posthorn.core.event;

/**
 * One HTTP header of a publish or of a rendered body.
 *
 * @param name in any case when read, in lower case when written
 * @param value as on the wire
 */
public record Header(String name, String value) {

  /**
   * A header whose value is any text: what a header cannot hold is percent-encoded, as CloudEvents
   * do it (HTTP protocol binding 1.0.2, section 3.1.3.2).
   */
  public static Header encoded(String name, String text) {
    return new Header(name, HeaderText.encode(text));
  }

  @Override
  public String toString() {
    return "Header[" + name + "]";
  }
}
