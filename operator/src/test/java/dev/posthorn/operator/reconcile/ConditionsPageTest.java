package dev.posthorn.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.core.resolve.Cause;
import dev.posthorn.crds.ConditionType;
import dev.posthorn.crds.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What docs/operations.md says of conditions is about those that there are, and about all. */
class ConditionsPageTest {
  private static final Pattern CONDITION = Pattern.compile("`([A-Z][A-Za-z]+)=[A-Z][a-z]+`");
  private static final Pattern REASON = Pattern.compile("`([A-Z][A-Za-z]+)`");

  /** Nobody has to do anything, or no condition has it. */
  private static final Set<Reason> NO_ROW =
      EnumSet.of(
          Reason.Accepted,
          Reason.ResolvedRefs,
          Reason.Programmed,
          Reason.NotReferenced,
          Reason.Delivering,
          Reason.NoTraffic,
          Reason.Connected,
          Reason.Available,
          Reason.KeyringReady);

  private static List<String> conditions = List.of();

  @BeforeAll
  static void read() throws IOException {
    String page = Files.readString(Path.of("..", "docs", "operations.md"));
    String section = page.substring(page.indexOf("### What a condition wants"));
    conditions =
        section
            .substring(0, section.indexOf("\n###", 1))
            .lines()
            .filter(line -> line.startsWith("| `"))
            .map(line -> line.split("\\|", -1)[1])
            .toList();
  }

  @Test
  void everyConditionHasARow() {
    assertThat(found(CONDITION))
        .isEqualTo(Stream.of(ConditionType.values()).map(Enum::name).collect(Collectors.toSet()));
  }

  @Test
  void everyReasonToDoSomethingHasARowAndNoOther() {
    Set<String> refusals =
        Stream.of(Cause.Refusal.values()).map(Enum::name).collect(Collectors.toSet());
    Set<String> reasons =
        EnumSet.complementOf(EnumSet.copyOf(NO_ROW)).stream()
            .map(Enum::name)
            .collect(Collectors.toSet());

    assertThat(found(REASON))
        .containsAll(reasons)
        .containsAll(refusals)
        .allMatch(word -> reasons.contains(word) || refusals.contains(word));
  }

  private static Set<String> found(Pattern pattern) {
    return conditions.stream()
        .flatMap(cell -> pattern.matcher(cell).results())
        .map(each -> each.group(1))
        .collect(Collectors.toSet());
  }
}
