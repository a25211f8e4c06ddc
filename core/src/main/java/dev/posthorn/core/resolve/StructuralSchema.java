package dev.posthorn.core.resolve;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One node of a structural schema, as a CustomResourceDefinition has it: the part of OpenAPI that
 * API servers apply to custom resources and that our kinds use.
 *
 * @param type what a value must be
 * @param description what the field is, for messages
 * @param properties an object's fields
 * @param required fields that must be there
 * @param values an object's other fields; null = there are none
 * @param open whether unknown fields are kept without a check
 * @param items a list's items
 * @param identity what makes two items of a list the same
 * @param choices the texts allowed; empty = all
 * @param bounds sizes and numbers
 * @param pattern what a text must match somewhere
 * @param dateTime whether a text must be an RFC 3339 time
 * @param fallback the value of an absent field; null = none
 * @param rules CEL over the value, {@code self}
 */
record StructuralSchema(
    Type type,
    String description,
    Map<String, StructuralSchema> properties,
    Set<String> required,
    @Nullable StructuralSchema values,
    boolean open,
    @Nullable StructuralSchema items,
    Identity identity,
    List<String> choices,
    Bounds bounds,
    @Nullable Pattern pattern,
    boolean dateTime,
    @Nullable Tree fallback,
    List<Rule> rules) {

  /** What a value is. */
  enum Type {
    OBJECT("an object"),
    ARRAY("a list"),
    STRING("a text"),
    INTEGER("a whole number"),
    NUMBER("a number"),
    BOOLEAN("true or false"),
    INT_OR_STRING("a whole number or a text"),
    ANY("a value");

    private final String words;

    Type(String words) {
      this.words = words;
    }

    @Override
    public String toString() {
      return words;
    }
  }

  /** What makes two items of a list the same. */
  sealed interface Identity {
    /** Nothing: they may repeat. */
    record None() implements Identity {}

    /** Their value. */
    record Value() implements Identity {}

    /** These fields of theirs. */
    record Keys(List<String> names) implements Identity {}
  }

  /** Numbers, characters (code points), items and fields, each inclusive. */
  record Bounds(
      @Nullable Double min, @Nullable Double max, @Nullable Long minSize, @Nullable Long maxSize) {}

  /**
   * A rule of {@code x-kubernetes-validations}.
   *
   * @param expression CEL
   * @param message what is wrong and the cure
   */
  record Rule(String expression, String message) {}
}
