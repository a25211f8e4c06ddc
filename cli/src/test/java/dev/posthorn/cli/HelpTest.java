package dev.posthorn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class HelpTest {
  static Stream<String> commands() {
    return Posthorn.commandLine(Map.of()).getSubcommands().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandHasHelpThatFitsATerminal(String command) {
    CommandRun run = CommandRun.of(command, "--help");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("Usage: posthorn " + command);
    assertThat(run.out().lines()).allMatch(line -> line.length() <= 100);
  }

  @Test
  void withoutACommandTheHelpIsShown() {
    assertThat(CommandRun.of().out()).contains("posthorn demo").contains("posthorn run DIR");
  }

  @ParameterizedTest
  @CsvSource({
    "dmo, posthorn: , did you mean demo?",
    "publish --tenatn a, posthorn publish: , did you mean --tenant?",
    "run --alow-http, posthorn run: , did you mean --allow-http?",
  })
  void aMisspeltWordIsOneLineWithWhatItWasMeantToBe(String words, String who, String says) {
    CommandRun run = CommandRun.of(words.split(" "));

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err().strip()).startsWith(who).contains(says).doesNotContain("\n");
  }
}
