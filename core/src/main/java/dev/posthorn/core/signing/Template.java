package dev.posthorn.core.signing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Literals and placeholders, parsed once. Substitution only: no functions, conditions or loops.
 *
 * @param segments in order; neighbouring literals do not occur
 */
record Template(List<Segment> segments) {

  /** A part of a template. */
  sealed interface Segment {}

  /** Text that stands for itself. */
  record Literal(String text) implements Segment {}

  /**
   * A value to be put in.
   *
   * @param argument the word after the colon, else empty
   */
  record Slot(Placeholder placeholder, String argument) implements Segment {}

  /**
   * Parses {@code text}; tells {@code problems} one sentence for each thing that is wrong and
   * leaves it out.
   */
  static Template parse(String text, Set<Placeholder> allowed, Consumer<String> problems) {
    var segments = new ArrayList<Segment>();
    int at = 0;
    while (at < text.length()) {
      int open = text.indexOf('{', at);
      int literalEnd = open < 0 ? text.length() : open;
      literal(text.substring(at, literalEnd), segments, problems);
      if (open < 0) {
        break;
      }
      int close = text.indexOf('}', open);
      if (close < 0) {
        problems.accept("\"" + text.substring(open) + "\" has no closing brace");
        break;
      }
      slot(text.substring(open + 1, close), allowed, segments, problems);
      at = close + 1;
    }
    return new Template(List.copyOf(segments));
  }

  private static void literal(String text, List<Segment> into, Consumer<String> problems) {
    if (text.indexOf('}') >= 0) {
      problems.accept("\"" + text + "\" has a closing brace without an opening one");
    }
    if (!text.isEmpty()) {
      into.add(new Literal(text));
    }
  }

  private static void slot(
      String inner, Set<Placeholder> allowed, List<Segment> into, Consumer<String> problems) {
    int colon = inner.indexOf(':');
    String name = colon < 0 ? inner : inner.substring(0, colon);
    String argument = colon < 0 ? "" : inner.substring(colon + 1);
    var known = Placeholder.of(name).filter(allowed::contains);
    if (known.isEmpty()) {
      problems.accept("{" + inner + "} is not one of " + allowed.stream().sorted().toList());
    } else if (known.get().takesArgument() == argument.isEmpty()) {
      problems.accept("{" + inner + "} must be written " + known.get());
    } else if (known.get() == Placeholder.JSON && argument.charAt(0) != '/') {
      problems.accept("{" + inner + "} must hold a JSON pointer, which starts with /");
    } else {
      into.add(new Slot(known.get(), argument));
    }
  }

  boolean uses(Placeholder placeholder) {
    return segments.stream()
        .anyMatch(segment -> segment instanceof Slot slot && slot.placeholder() == placeholder);
  }

  /** The first two placeholders with nothing fixed between them; empty if there are none. */
  Optional<String> shiftable() {
    for (int i = 1; i < segments.size(); i++) {
      if (segments.get(i - 1) instanceof Slot left
          && segments.get(i) instanceof Slot right
          && !left.placeholder().hasFixedLength()
          && !right.placeholder().hasFixedLength()) {
        return Optional.of(left.placeholder() + " and " + right.placeholder());
      }
    }
    return Optional.empty();
  }

  /**
   * The text with every value put in. It cannot hold the body: see {@link #bytes}.
   *
   * @param signatures stands for {@code {signature}} and {@code {signatures}}
   */
  String text(Values values, String signatures) {
    if (segments.size() == 1 && segments.getFirst() instanceof Slot slot) {
      return value(slot, values, signatures); // most headers are one value: no copy
    }
    var text = new StringBuilder();
    append(values, signatures, text);
    return text.toString();
  }

  /** The same at the end of {@code text}. */
  void append(Values values, String signatures, StringBuilder text) {
    for (Segment segment : segments) {
      switch (segment) {
        case Literal literal -> text.append(literal.text());
        case Slot slot -> text.append(value(slot, values, signatures));
      }
    }
  }

  private static String value(Slot slot, Values values, String signatures) {
    return switch (slot.placeholder()) {
      case SIGNATURE, SIGNATURES -> signatures;
      default -> values.text(slot.placeholder(), slot.argument());
    };
  }

  /** UTF-8 parts to be hashed one after the other; the body is spliced in as it is, not copied. */
  byte[][] bytes(Values values) {
    var parts = new ArrayList<byte[]>(3);
    var text = new StringBuilder();
    for (Segment segment : segments) {
      switch (segment) {
        case Literal literal -> text.append(literal.text());
        case Slot(Placeholder placeholder, String argument)
            when placeholder == Placeholder.BODY -> {
          flush(text, parts);
          parts.add(values.body());
        }
        case Slot slot -> text.append(values.text(slot.placeholder(), slot.argument()));
      }
    }
    flush(text, parts);
    return parts.toArray(byte[][]::new);
  }

  private static void flush(StringBuilder text, List<byte[]> into) {
    if (!text.isEmpty()) {
      into.add(text.toString().getBytes(StandardCharsets.UTF_8));
      text.setLength(0);
    }
  }
}
