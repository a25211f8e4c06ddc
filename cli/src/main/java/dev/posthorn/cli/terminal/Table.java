package dev.posthorn.cli.terminal;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Columns of text under their titles, as wide as they need to be. For one thread. */
public final class Table {
  private final List<List<String>> rows = new ArrayList<>();

  /** An empty one. */
  public Table(String... titles) {
    rows.add(List.of(titles));
  }

  /** Adds a row with a cell per title; null is shown as {@code -}. */
  public void row(@Nullable String... cells) {
    if (cells.length != rows.getFirst().size()) {
      throw new IllegalArgumentException(
          "a row of " + cells.length + " cells in a table of " + rows.getFirst().size());
    }
    rows.add(Stream.of(cells).map(cell -> cell == null ? "-" : cell).toList());
  }

  /** All lines, each ended. */
  @Override
  public String toString() {
    var text = new StringBuilder();
    for (List<String> row : rows) {
      var line = new StringBuilder();
      for (int i = 0; i < row.size(); i++) {
        line.append(row.get(i)).repeat(' ', width(i) - row.get(i).length() + 2);
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  private int width(int column) {
    return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
  }
}
