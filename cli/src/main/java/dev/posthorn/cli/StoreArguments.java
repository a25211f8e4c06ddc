package dev.posthorn.cli;

import dev.posthorn.cli.terminal.Input;
import dev.posthorn.cli.terminal.Refusal;
import dev.posthorn.dispatcher.StoreOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where deliveries are kept. Messages never repeat what may hold a password. */
final class StoreArguments {
  private static final String EMBEDDED = "sqlite";
  private static final String FILE = "posthorn.db";

  @Option(
      names = "--store",
      paramLabel = "sqlite|URL|@FILE",
      defaultValue = EMBEDDED,
      description =
          "Where deliveries are kept. Default: ${DEFAULT-VALUE}, a file in --data. Or"
              + " postgres://user:password@host:port/database; process lists show that, so better"
              + " @FILE with a file that holds it, or POSTHORN_STORE.")
  String store;

  @Option(
      names = "--payload-key",
      paramLabel = "FILE",
      description =
          "The key that encrypts payloads: 32 bytes in base64. Default: payload.key in --data, made"
              + " on first start.")
  @Nullable Path payloadKey;

  /** What they come to. */
  StoreOptions options() {
    String where = store.startsWith("@") ? file(Path.of(store.substring(1))) : store;
    if (where.equals(EMBEDDED)) {
      return new StoreOptions.Sqlite(payloadKey);
    }
    if (where.startsWith("postgres://") || where.startsWith("postgresql://")) {
      return new StoreOptions.Postgres(where, payloadKey);
    }
    throw Refusal.cannotStart(
        "--store names no store that is known: write sqlite,"
            + " postgres://user:password@host:port/database, or @FILE with a file that holds one of"
            + " these");
  }

  /** What lies in the data directory and is not this store; empty where nothing does. */
  Optional<String> leftBehind(Path data) {
    return options() instanceof StoreOptions.Postgres && Files.exists(data.resolve(FILE))
        ? Optional.of(
            FILE + " in --data has deliveries too, which only --store " + EMBEDDED + " sends")
        : Optional.empty();
  }

  private static String file(Path file) {
    byte[] content = Input.secret("--store", file);
    try {
      return new String(content, StandardCharsets.UTF_8).strip();
    } finally {
      Arrays.fill(content, (byte) 0);
    }
  }
}
