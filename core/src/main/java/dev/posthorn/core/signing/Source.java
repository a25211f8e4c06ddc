package dev.posthorn.core.signing;

import com.fasterxml.jackson.core.JsonPointer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where a received request holds a value. */
sealed interface Source {

  /** Enough for a dozen keys of any scheme; more is not a signature header. */
  int MAX_HEADER_CHARS = 8192;

  /** More keys than any keyring overlaps. */
  int MAX_ITEMS = 16;

  /** The values found, or why there are none. */
  sealed interface Found {}

  /** At least one. */
  record Items(List<String> values) implements Found {}

  /** None that may be used. */
  record Nothing(Rejection reason, String message) implements Found {}

  Found find(Received request);

  /** The same, where one value is meant: repeated equal values are one. */
  default Found findOne(Received request) {
    Found found = find(request);
    if (found instanceof Items(List<String> values) && values.stream().distinct().count() > 1) {
      return new Nothing(
          Rejection.HeaderAmbiguous,
          this + " came with different values: look for a proxy that adds headers");
    }
    return found;
  }

  /**
   * In a header.
   *
   * @param separator between items; empty: the whole value is one item
   * @param itemPrefix which items count; it is taken off
   */
  record InHeader(String name, String separator, String itemPrefix) implements Source {
    @Override
    public Found find(Received request) {
      List<String> lines = HeaderLines.of(request.headers(), name);
      if (lines.isEmpty()) {
        return new Nothing(
            Rejection.HeaderMissing,
            this + " is missing: the sender does not set it, or a proxy drops it");
      }
      if (lines.stream().mapToInt(String::length).sum() > MAX_HEADER_CHARS) {
        return new Nothing(
            Rejection.HeaderTooLong,
            this
                + " is longer than "
                + MAX_HEADER_CHARS
                + " bytes: it is not this scheme's header");
      }
      return matching(items(lines));
    }

    private Found matching(List<String> items) {
      if (items.size() > MAX_ITEMS) {
        return new Nothing(
            Rejection.TooManyItems,
            this + " has more than " + MAX_ITEMS + " items: the sender must drop old keys");
      }
      List<String> values =
          items.stream()
              .filter(item -> item.startsWith(itemPrefix))
              .map(item -> item.substring(itemPrefix.length()))
              .toList();
      return values.isEmpty()
          ? new Nothing(
              Rejection.NoSignature,
              this
                  + " has no item that starts with \""
                  + itemPrefix
                  + "\": the sender uses another scheme or version")
          : new Items(values);
    }

    private List<String> items(List<String> lines) {
      if (separator.isEmpty()) {
        return lines;
      }
      var items = new ArrayList<String>();
      for (String line : lines) {
        int from = 0;
        for (int to; items.size() <= MAX_ITEMS && (to = line.indexOf(separator, from)) >= 0; ) {
          items.add(line.substring(from, to));
          from = to + separator.length();
        }
        items.add(line.substring(from));
      }
      return items;
    }

    @Override
    public String toString() {
      return "header " + name;
    }
  }

  /** In a JSON body. */
  record InBody(JsonPointer pointer) implements Source {
    @Override
    public Found find(Received request) {
      Optional<String> value = Values.pointed(request.body(), pointer);
      return value.isPresent()
          ? new Items(List.of(value.get()))
          : new Nothing(
              Rejection.BodyMalformed,
              this + " is missing: the body is not JSON, or not of this sender");
    }

    @Override
    public String toString() {
      return "body value " + pointer;
    }
  }
}
