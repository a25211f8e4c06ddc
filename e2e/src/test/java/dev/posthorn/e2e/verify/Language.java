package dev.posthorn.e2e.verify;

import dev.posthorn.e2e.fixture.Ended;
import dev.posthorn.e2e.fixture.Program;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * How a snippet of a page becomes a program, and how that is run.
 *
 * @param fence what follows the three backticks in the page
 * @param file where the snippet goes
 * @param head what stands before it there
 * @param harness our resource that calls it
 * @param target where the harness goes
 * @param tools what must be installed
 * @param commands in order; the last one prints the verdicts
 */
record Language(
    String fence,
    String file,
    String head,
    String harness,
    String target,
    List<String> tools,
    List<List<String>> commands) {
  private static final String JDK = Path.of(System.getProperty("java.home"), "bin").toString();

  private static final String CLASS_PATH = "." + ":" + System.getProperty("java.class.path");

  static final List<Language> ALL =
      List.of(
          script("js", "snippet.mjs", "", "run.mjs", "node"),
          script("python", "snippet.py", "", "run.py", "python3"),
          script("php", "snippet.php", "<?php\n", "run.php", "php"),
          script("ruby", "snippet.rb", "", "run.rb", "ruby"),
          new Language(
              "go",
              "snippet.go",
              "package main\n\n",
              "run.go.txt",
              "run.go",
              List.of("go"),
              List.of(
                  List.of("go", "mod", "init", "receiver"), List.of("go", "run", ".", "CASES"))),
          new Language(
              "java",
              "Webhooks.java",
              "",
              "Run.java.txt",
              "Run.java",
              List.of(),
              List.of(
                  List.of(JDK + "/javac", "Webhooks.java", "Run.java"),
                  List.of(JDK + "/java", "-cp", ".", "Run", "CASES"))),
          new Language(
              "csharp",
              "Webhooks.cs",
              "",
              "Run.cs",
              "Run.cs",
              List.of("mcs", "mono"),
              List.of(
                  List.of("mcs", "-r:System.Core", "-out:Run.exe", "Run.cs", "Webhooks.cs"),
                  List.of("mono", "Run.exe", "CASES"))));

  /** Those of docs/receive.md, with the official library installed beside the snippet. */
  static final List<Language> WITH_LIBRARY =
      List.of(
          new Language(
              "js",
              "snippet.mjs",
              "",
              "receive.mjs",
              "receive.mjs",
              List.of("node", "npm"),
              List.of(
                  List.of("npm", "install", "--no-audit", "--no-fund", "standardwebhooks@1.1.1"),
                  List.of("node", "receive.mjs", "snippet.mjs", "CASES"))),
          new Language(
              "python",
              "snippet.py",
              "",
              "receive.py",
              "receive.py",
              List.of("python3"),
              List.of(
                  List.of(
                      "python3",
                      "-m",
                      "pip",
                      "install",
                      "-q",
                      "--target",
                      ".",
                      "standardwebhooks==1.1.0"),
                  List.of("python3", "receive.py", "snippet.py", "CASES"))),
          new Language(
              "java",
              "Receiver.java",
              "",
              "Receive.java.txt",
              "Receive.java",
              List.of(),
              List.of(
                  List.of(JDK + "/javac", "-cp", CLASS_PATH, "Receiver.java", "Receive.java"),
                  List.of(JDK + "/java", "-cp", CLASS_PATH, "Receive", "CASES"))));

  private static Language script(
      String fence, String file, String head, String harness, String interpreter) {
    return new Language(
        fence,
        file,
        head,
        harness,
        harness,
        List.of(interpreter),
        List.of(List.of(interpreter, harness, file, "CASES")));
  }

  /** What is missing on this machine. */
  List<String> missing() {
    return tools.stream().filter(tool -> !onPath(tool)).toList();
  }

  private static boolean onPath(String tool) {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, tool)));
  }

  /** Runs the snippet of {@code page} over {@code cases}, all in {@code directory}. */
  List<String> verdicts(String page, Path cases, Path directory)
      throws IOException, InterruptedException {
    Files.writeString(directory.resolve(file), head + snippet(page));
    try (InputStream resource =
        Objects.requireNonNull(Language.class.getResourceAsStream("/verify/" + harness))) {
      Files.write(directory.resolve(target), resource.readAllBytes());
    }
    Ended last = new Ended(0, "", "");
    for (List<String> command : commands) {
      var real = new ArrayList<String>();
      command.forEach(word -> real.add(word.equals("CASES") ? cases.toString() : word));
      last = Ended.in(directory, real);
      if (last.exitCode() != 0) {
        throw new AssertionError(command + " failed: " + last.out() + last.err());
      }
    }
    return last.out().lines().toList();
  }

  private String snippet(String page) {
    String[] parts = page.split("```" + fence + "\n", -1);
    if (parts.length != 2) {
      throw new AssertionError("the page has " + (parts.length - 1) + " snippets in " + fence);
    }
    return parts[1].substring(0, parts[1].indexOf("```"));
  }

  /** The page of this name. */
  static String page(String name) throws IOException {
    return Files.readString(Program.root().resolve("docs").resolve(name));
  }

  @Override
  public String toString() {
    return fence;
  }
}
