package dev.posthorn.cli.data;

import dev.posthorn.cli.terminal.Refusal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * The token that may do everything, kept in {@code admin-token} of the data directory where clients
 * on the same machine find it. {@code toString} does not show it.
 *
 * @param value what callers send
 * @param made whether it was made just now, so that its owner has not seen it yet
 * @param file where it is
 */
public record AdminToken(String value, boolean made, Path file) {
  private static final int RANDOM_BYTES = 32;

  /** Reads the token of {@code data}, or makes one from {@code random}. */
  public static AdminToken in(DataDirectory data, SecureRandom random) {
    Path file = data.path().resolve("admin-token");
    try {
      return Files.exists(file)
          ? new AdminToken(read(file), false, file)
          : new AdminToken(make(file, random), true, file);
    } catch (IOException e) {
      throw Refusal.cannotStart(
          file + " cannot be read or written (" + e.getMessage() + "); mend its permissions");
    }
  }

  private static String read(Path file) throws IOException {
    String value = Files.readString(file, StandardCharsets.US_ASCII).strip();
    if (!value.matches("pha_[A-Za-z0-9_-]{43}")) {
      throw Refusal.cannotStart(
          file + " does not hold a token; delete it, and the next start makes a new one");
    }
    return value;
  }

  private static String make(Path file, SecureRandom random) throws IOException {
    var bytes = new byte[RANDOM_BYTES];
    random.nextBytes(bytes);
    String value = "pha_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    DurableFile.replace(file, (value + "\n").getBytes(StandardCharsets.US_ASCII));
    return value;
  }

  @Override
  public String toString() {
    return "AdminToken[" + file + "]";
  }
}
