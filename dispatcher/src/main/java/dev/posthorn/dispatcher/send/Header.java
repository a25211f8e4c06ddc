package dev.posthorn.dispatcher.send;

/**
 * A header line.
 *
 * @param name in the case it is sent with, or was received in
 * @param value never shown by {@link #toString()}: it may be a credential
 */
public record Header(String name, String value) {
  @Override
  public String toString() {
    return name + ": ...";
  }
}
