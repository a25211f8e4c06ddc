package dev.posthorn.core.signing;

import java.util.List;

/** Finds header lines by name, without regard to case. */
final class HeaderLines {
  private HeaderLines() {}

  static List<String> of(List<Header> headers, String name) {
    return headers.stream()
        .filter(header -> header.name().equalsIgnoreCase(name))
        .map(Header::value)
        .toList();
  }
}
