package dev.posthorn.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code posthorn reveal}: shows keys. */
@Command(
    name = "reveal",
    description = "Shows the keys as receivers are given them. The audit log takes note of it.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    versionProvider = Version.class,
    footer = {
      "",
      "Examples:",
      "  posthorn reveal --tenant acme orders",
      "  posthorn reveal --tenant acme orders --output json"
    })
final class RevealCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private KeyOptions keys;

  @Override
  public Integer call() throws InterruptedException {
    return keys.reveal(spec.commandLine().getOut());
  }
}
