package dev.posthorn.cli.terminal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;

/** Reads what options name: {@code @file}, {@code @-} for standard input, or the text itself. */
public final class Input {
  private Input() {}

  /** The bytes that {@code argument} stands for, unchanged. Refuses what cannot be read. */
  public static byte[] bytes(String option, String argument, InputStream standardInput) {
    if (!argument.startsWith("@")) {
      return argument.getBytes(StandardCharsets.UTF_8);
    }
    String name = argument.substring(1);
    if (name.equals("-")) {
      return standardInput(option, standardInput);
    }
    return file(option, path(option, name));
  }

  /** The content of {@code file}; {@code option} names it in the refusal. */
  public static byte[] file(String option, Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw Refusal.cannotStart(option + ": " + file + " does not exist; name a file that does");
    } catch (AccessDeniedException e) {
      throw Refusal.cannotStart(
          option + ": " + file + " may not be read by this user; see 'ls -l " + file + "'");
    } catch (IOException e) {
      throw Refusal.cannotStart(
          Files.isDirectory(file)
              ? option + ": " + file + " is a directory; name a file"
              : option + ": " + file + " cannot be read: " + e.getMessage());
    }
  }

  /**
   * A secret from a file. One line end at the file's end is the editor's and goes; anything else,
   * further line ends and spaces included, is the secret's. The caller wipes the result.
   */
  public static byte[] secret(String option, Path file) {
    byte[] raw = file(option, file);
    int end = raw.length;
    if (end > 0 && raw[end - 1] == '\n') {
      end--;
      if (end > 0 && raw[end - 1] == '\r') {
        end--;
      }
    }
    byte[] secret = Arrays.copyOf(raw, end);
    Arrays.fill(raw, (byte) 0);
    if (secret.length == 0) {
      throw Refusal.cannotStart(option + ": " + file + " is empty; it must hold the secret");
    }
    return secret;
  }

  private static byte[] standardInput(String option, InputStream in) {
    try {
      return in.readAllBytes();
    } catch (IOException e) {
      throw Refusal.cannotStart(option + ": standard input cannot be read: " + e.getMessage());
    }
  }

  private static Path path(String option, String name) {
    try {
      return Path.of(name);
    } catch (InvalidPathException e) {
      throw Refusal.cannotStart(option + ": \"" + name + "\" is not a file name");
    }
  }
}
