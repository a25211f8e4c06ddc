package dev.posthorn.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.posthorn.cli.client.ApiClient;
import dev.posthorn.cli.terminal.Refusal;
import dev.posthorn.cli.terminal.Table;
import java.io.PrintWriter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What the commands about keys have in common: whose keys, where, and how they are printed. */
final class KeyOptions {
  /** How an answer is printed. */
  enum Output {
    /** For people. */
    table,
    /** The answer of the API, for programs. */
    json
  }

  @Option(
      names = {"-n", "--tenant"},
      required = true,
      paramLabel = "NAME",
      description = "Whose keys.")
  private String tenant;

  @Parameters(index = "0", paramLabel = "SIGNINGSECRET", description = "The name of the resource.")
  private String signingSecret;

  @Option(
      names = "--output",
      paramLabel = "table|json",
      defaultValue = "table",
      description = "How the answer is printed. Default: ${DEFAULT-VALUE}.")
  private Output output;

  @Mixin private ServerOptions server;

  /** Does {@code action} to the keys and prints them as they are then. */
  int act(String action, Map<String, String> fields, PrintWriter out) throws InterruptedException {
    JsonNode keys;
    try (var client = new ApiClient(server.server(), server.token())) {
      keys = done(client.post(fields, "v1", "tenants", tenant, "keys", signingSecret, action));
    }
    if (output == Output.json) {
      out.println(keys.toPrettyString());
    } else {
      out.println(keys.path("nextStep").asText());
      out.print(states(keys.path("keys")));
    }
    out.flush();
    return 0;
  }

  /** Prints the keys themselves. */
  int reveal(PrintWriter out) throws InterruptedException {
    JsonNode keys;
    try (var client = new ApiClient(server.server(), server.token())) {
      keys = done(client.get("v1", "tenants", tenant, "keys", signingSecret, "reveal"));
    }
    if (output == Output.json) {
      out.println(keys.toPrettyString());
    } else {
      var table = new Table("KEY ID", "STATE", "KEY");
      keys.path("keys")
          .forEach(key -> table.row(text(key, "keyId"), text(key, "state"), text(key, "key")));
      out.print(table);
    }
    out.flush();
    return 0;
  }

  private static JsonNode done(ApiClient.Answer answer) {
    return switch (answer) {
      case ApiClient.Answer.Done(JsonNode document) -> document;
      case ApiClient.Answer.Refused(String message) -> throw Refusal.no(message);
    };
  }

  private static Table states(JsonNode keys) {
    var table = new Table("KEY ID", "STATE", "SIGNS FROM", "UNTIL");
    for (JsonNode key : keys) {
      String revoked = text(key, "revokedTime");
      table.row(
          text(key, "keyId"),
          text(key, "state"),
          text(key, "notBefore"),
          revoked == null ? text(key, "expiresTime") : revoked);
    }
    return table;
  }

  private static @Nullable String text(JsonNode key, String field) {
    return key.hasNonNull(field) ? key.get(field).asText() : null;
  }
}
