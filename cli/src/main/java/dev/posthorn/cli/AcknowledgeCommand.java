package dev.posthorn.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code posthorn acknowledge}: the receiver has a key. */
@Command(
    name = "acknowledge",
    description = "Says that the receiver has a key: older ones need not sign any longer.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    versionProvider = Version.class,
    footer = {"", "Examples:", "  posthorn acknowledge --tenant acme orders k_7f3a9c"})
final class AcknowledgeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private KeyOptions keys;

  @Parameters(index = "1", paramLabel = "KEYID", description = "The key that the receiver has.")
  private String keyId;

  @Override
  public Integer call() throws InterruptedException {
    return keys.act("acknowledge", Map.of("keyId", keyId), spec.commandLine().getOut());
  }
}
