package dev.posthorn.cli;

import dev.posthorn.cli.terminal.Input;
import dev.posthorn.cli.terminal.Refusal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which Posthorn a client command talks to, and as whom. */
final class ServerOptions {
  @Option(
      names = "--server",
      paramLabel = "URL",
      defaultValue = "http://127.0.0.1:8080",
      description = "Where Posthorn's API listens. Default: ${DEFAULT-VALUE}.")
  private URI server;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "Holds the token. Default: the posthorn-data/admin-token that 'run' made here.")
  private @Nullable Path tokenFile;

  /** The address, or a refusal that says how to write one. */
  URI server() {
    String scheme = server.getScheme();
    if (server.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
      throw Refusal.cannotStart(
          "--server " + server + " is not an address; write it like http://127.0.0.1:8080");
    }
    return server;
  }

  /** The token, or a refusal that says where it would be. */
  String token() {
    Path file = tokenFile == null ? Path.of("posthorn-data", "admin-token") : tokenFile;
    if (tokenFile == null && !Files.exists(file)) {
      throw Refusal.cannotStart(
          "no token: "
              + file
              + " is not here; start this where 'posthorn run' was started, or name its token file"
              + " with --token-file");
    }
    byte[] token = Input.secret("--token-file", file);
    String text = new String(token, StandardCharsets.US_ASCII).strip();
    Arrays.fill(token, (byte) 0);
    if (!text.matches("[\\x21-\\x7e]+")) {
      throw Refusal.cannotStart("--token-file: " + file + " does not hold a token in its one line");
    }
    return text;
  }
}
