package dev.posthorn.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code posthorn rotate}: makes a new key. */
@Command(
    name = "rotate",
    description =
        "Makes a new key beside the present one, which goes on signing until the overlap ends.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    versionProvider = Version.class,
    footer = {"", "Examples:", "  posthorn rotate --tenant acme orders"})
final class RotateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private KeyOptions keys;

  @Override
  public Integer call() throws InterruptedException {
    return keys.act("rotate", Map.of(), spec.commandLine().getOut());
  }
}
