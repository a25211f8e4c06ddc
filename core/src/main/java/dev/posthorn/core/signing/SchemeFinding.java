package dev.posthorn.core.signing;

/**
 * Why a descriptor, a scheme's name or a secret for it is refused.
 *
 * @param field path of the field, as {@code headers[1].name}
 * @param message what is wrong and the cure, for people; never shows key material
 */
public record SchemeFinding(String field, String message) {
  @Override
  public String toString() {
    return field + ": " + message;
  }
}
