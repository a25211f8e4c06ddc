package dev.posthorn.e2e.capacity;

import dev.posthorn.e2e.fixture.Ended;
import dev.posthorn.e2e.fixture.PosthornProcess;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a process uses, and how a program says what it found. */
final class Bench {
  private static final Pattern USED = Pattern.compile("(?m)^(?:DefNew|Tenured) .*? used (\\d+)K");

  private Bench() {}

  /** Figures depend on the machine, and on who else uses it. */
  static void printMachine() {
    var machine = ManagementFactory.getOperatingSystemMXBean();
    System.out.printf(
        "machine: %d cores, %s, JDK %s, load %.1f before%n",
        machine.getAvailableProcessors(),
        System.getProperty("os.arch"),
        Runtime.version(),
        machine.getSystemLoadAverage());
  }

  /** A scene that is played in a directory. */
  @FunctionalInterface
  interface Scene<T> {
    T play(Path directory) throws Exception;
  }

  /** Plays a scene in a directory of its own, which is gone afterwards: stores may be large. */
  static <T> T in(Scene<T> scene) throws Exception {
    Path directory = Files.createTempDirectory("posthorn-bench");
    try {
      return scene.play(directory);
    } finally {
      try (Stream<Path> files = Files.walk(directory)) {
        files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
      }
    }
  }

  static void judge(String goal, boolean met) {
    System.out.printf("%-40s %s%n", goal, met ? "met" : "NOT met");
  }

  /** CPU time of a process so far. */
  static Duration cpu(PosthornProcess posthorn) {
    return ProcessHandle.of(posthorn.pid())
        .flatMap(process -> process.info().totalCpuDuration())
        .orElseThrow();
  }

  /** MiB on the heap of a process that are in use after a collection. */
  static long heapMiB(PosthornProcess posthorn, Path directory)
      throws IOException, InterruptedException {
    jcmd(posthorn, directory, "GC.run");
    Matcher used = USED.matcher(jcmd(posthorn, directory, "GC.heap_info"));
    long kib = 0;
    while (used.find()) {
      kib += Long.parseLong(used.group(1));
    }
    if (kib == 0) {
      throw new AssertionError("no heap in use, says " + jcmd(posthorn, directory, "GC.heap_info"));
    }
    return kib >> 10;
  }

  private static String jcmd(PosthornProcess posthorn, Path directory, String command)
      throws IOException, InterruptedException {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    return Ended.of(directory, List.of(jcmd, Long.toString(posthorn.pid()), command)).succeeded();
  }
}
