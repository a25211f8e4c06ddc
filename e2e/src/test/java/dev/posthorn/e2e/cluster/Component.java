package dev.posthorn.e2e.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One process of the control plane, with its log. */
final class Component implements AutoCloseable {
  private static final int STOP_SECONDS = 5;
  private static final int TAIL = 8;

  private final String name;
  private final List<String> command;
  private final Path directory;
  private @Nullable Process process;

  Component(Path binaries, String name, Path directory, List<String> arguments) {
    this.name = name;
    this.directory = directory;
    this.command = new ArrayList<>();
    command.add(binaries.resolve(name).toString());
    command.addAll(arguments);
  }

  void start() throws IOException {
    process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
            .start();
  }

  /** Ends it at once, as a crash would. */
  void kill() {
    Process running = process;
    if (running != null) {
      running.destroyForcibly();
      running.onExit().join();
    }
  }

  boolean isAlive() {
    return process != null && process.isAlive();
  }

  private Path log() {
    return directory.resolve(name + ".log");
  }

  /** The end of its log, for the message of a test that waits in vain. */
  String tail() {
    try {
      List<String> lines = Files.readAllLines(log());
      return name
          + ":\n"
          + String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL), lines.size()));
    } catch (IOException e) {
      return name + " has no log";
    }
  }

  @Override
  public void close() {
    Process running = process;
    if (running == null) {
      return;
    }
    running.destroy();
    try {
      if (!running.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        kill();
      }
    } catch (InterruptedException e) {
      kill();
      Thread.currentThread().interrupt();
    }
  }
}
