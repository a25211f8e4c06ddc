package dev.posthorn.e2e.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthorn.e2e.fixture.PosthornProcess;
import dev.posthorn.e2e.fixture.Program;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./posthorn demo}, from the launcher to Ctrl-C. */
class DemoIT {
  private static final Duration LINES = Duration.ofMinutes(1);
  private static final Duration END = Duration.ofSeconds(15);
  private static final Pattern DIRECTORY = Pattern.compile("(/\\S*posthorn-demo-[^/\\s]+)");
  private static final Pattern BALANCE =
      Pattern.compile("accepted (\\d+) = delivered (\\d+) \\+ waiting (\\d+) \\+ dead (\\d+)");

  @TempDir private Path directory;

  @Test
  void itShowsDeliveryRetryAndRotationAndLeavesNothingBehind() throws Exception {
    Path out = directory.resolve("demo.out");
    Path err = directory.resolve("demo.err");
    Process demo =
        Program.start(List.of(Program.root().resolve("posthorn").toString(), "demo"), out, err);
    try {
      try {
        await("all lines").atMost(LINES).untilAsserted(() -> tellsTheStory(demo, out, err));
      } catch (ConditionTimeoutException stalled) {
        System.out.println(Program.threads(directory, demo.pid()));
        throw stalled;
      }
      List<ProcessHandle> children = demo.descendants().toList();
      Path temporary = Path.of(found(DIRECTORY, PosthornProcess.read(out)).group(1));
      assertThat(temporary).isDirectory();

      Instant asked = Instant.now();
      interrupt(demo);
      assertThat(demo.waitFor(END.toSeconds(), TimeUnit.SECONDS)).isTrue();
      System.out.printf(
          "DemoIT: ended after %d ms%n", Duration.between(asked, Instant.now()).toMillis());

      assertThat(demo.exitValue()).as(PosthornProcess.read(err)).isZero();
      balances(PosthornProcess.read(out));
      assertThat(temporary).doesNotExist();
      assertThat(children).noneMatch(ProcessHandle::isAlive);
    } finally {
      demo.descendants().forEach(ProcessHandle::destroyForcibly);
      demo.destroyForcibly();
    }
  }

  private static void tellsTheStory(Process demo, Path out, Path err) {
    String told = PosthornProcess.read(out);
    assertThat(demo.isAlive()).as(told + PosthornProcess.read(err)).isTrue();
    assertThat(told)
        .containsPattern("API +http://127.0.0.1:\\d+")
        .containsPattern("acme/orders .* delivered .*verified")
        .containsPattern("acme/billing .* failed .*503")
        .containsPattern("acme/billing .* recovered .*verified")
        .containsPattern("acme/orders .* rotated .*2 signatures")
        .doesNotContain("REFUSED");
  }

  private static void interrupt(Process process) throws Exception {
    assertThat(new ProcessBuilder("kill", "-INT", "" + process.pid()).start().waitFor()).isZero();
  }

  private static void balances(String told) {
    String last = told.strip().lines().reduce((before, after) -> after).orElse("");
    Matcher sum = found(BALANCE, last);
    assertThat(number(sum, 1)).isEqualTo(number(sum, 2) + number(sum, 3) + number(sum, 4));
    assertThat(number(sum, 2)).isPositive();
  }

  private static long number(Matcher matcher, int group) {
    return Long.parseLong(matcher.group(group));
  }

  private static Matcher found(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    assertThat(matcher.find()).as(pattern + " in: " + text).isTrue();
    return matcher;
  }
}
