package dev.posthorn.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.core.keyring.KeyNotice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/alerts.md} lists the events that there are. Rewritten by one switch. */
class AlertsPageTest {
  private static final String REGENERATE = "posthorn.regenerate";
  private static final String COMMAND =
      "mvn -pl dispatcher -am test -Dtest=AlertsPageTest -Dsurefire.failIfNoSpecifiedTests=false -D"
          + REGENERATE
          + "=true";
  private static final Path PAGE = Path.of("..", "docs", "alerts.md");
  private static final String HEAD = "| type | told when | `deadline` |";
  private static final String ROW = "| `posthorn.";

  @Test
  void everyEventHasItsRow() throws IOException {
    String page = Files.readString(PAGE);
    if (Boolean.getBoolean(REGENERATE)) {
      Files.writeString(PAGE, page(page.lines().toList()));
    }
    assertThat(Files.readString(PAGE).lines().filter(line -> line.startsWith(ROW)))
        .as("regenerate with: " + COMMAND)
        .containsExactlyElementsOf(rows());
  }

  private static String page(List<String> lines) {
    int table = lines.indexOf(HEAD) + 2;
    return Stream.of(
                lines.subList(0, table).stream(),
                rows().stream(),
                lines.subList(table, lines.size()).stream().filter(line -> !line.startsWith(ROW)))
            .flatMap(each -> each)
            .collect(Collectors.joining("\n"))
        + "\n";
  }

  private static List<String> rows() {
    Stream<String> endpoints =
        Stream.of(EndpointNotice.Kind.values())
            .map(kind -> row(kind.eventType(), kind.told(), kind.deadline()));
    String streams = row(StreamAnnouncer.TYPE, StreamAnnouncer.TOLD, "None.");
    Stream<String> keys =
        Stream.of(KeyNotice.Kind.values())
            .map(kind -> row(kind.eventType(), told(kind), end(kind)));
    return Stream.of(endpoints, Stream.of(streams), keys).flatMap(each -> each).toList();
  }

  private static String row(String type, String told, String deadline) {
    return "| `%s` | %s | %s |".formatted(type, told, deadline);
  }

  private static String told(KeyNotice.Kind kind) {
    return switch (kind) {
      case ROTATED -> "A new key signs.";
      case OVERLAP_ENDING ->
          "50, 80 and 100 % of the time are over in which a former key signs too.";
      case REVOKED -> "A key signs nothing any more.";
    };
  }

  private static String end(KeyNotice.Kind kind) {
    return kind == KeyNotice.Kind.REVOKED
        ? "None."
        : "`endTime`: when the former key signs no more.";
  }
}
