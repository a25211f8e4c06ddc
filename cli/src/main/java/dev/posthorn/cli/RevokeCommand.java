package dev.posthorn.cli;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code posthorn revoke}: a key signs nothing more. */
@Command(
    name = "revoke",
    description = "A key that leaked signs nothing any more, at once.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    versionProvider = Version.class,
    footer = {
      "",
      "Where it was the active key, deliveries wait until its successor is acknowledged, unless the",
      "SigningSecret says whenActiveRevoked: ContinueWithNew.",
      "",
      "Examples:",
      "  posthorn revoke --tenant acme orders k_7f3a9c --reason 'leaked in a ticket'"
    })
final class RevokeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private KeyOptions keys;

  @Parameters(index = "1", paramLabel = "KEYID", description = "The key that leaked.")
  private String keyId;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      description = "For the audit log; one line, no secret.")
  private @Nullable String reason;

  @Override
  public Integer call() throws InterruptedException {
    var fields = new TreeMap<>(Map.of("keyId", keyId));
    if (reason != null) {
      fields.put("reason", reason);
    }
    return keys.act("revoke", fields, spec.commandLine().getOut());
  }
}
