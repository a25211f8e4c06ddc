package dev.posthorn.cli;

import dev.posthorn.cli.manifest.ManifestTree;
import dev.posthorn.cli.terminal.ExitCode;
import dev.posthorn.cli.terminal.Input;
import dev.posthorn.cli.terminal.Logs;
import dev.posthorn.cli.terminal.Refusal;
import dev.posthorn.core.expression.Expressions;
import dev.posthorn.core.resolve.Finding;
import dev.posthorn.core.resolve.Known;
import dev.posthorn.core.resolve.ManifestFile;
import dev.posthorn.core.resolve.ManifestReader;
import dev.posthorn.core.resolve.Manifests;
import dev.posthorn.core.resolve.Place;
import dev.posthorn.core.resolve.Resolution;
import dev.posthorn.core.resolve.ResolveOptions;
import dev.posthorn.core.resolve.Resolver;
import dev.posthorn.core.signing.BuiltInSchemes;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code posthorn lint}: what conditions would say, without running anything. */
@Command(
    name = "lint",
    description =
        "Checks the manifests in DIR, or YAML on standard input (-), without running them.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    versionProvider = Version.class,
    footer = {
      "",
      "A core Secret that is not there is a note only: it need not be in Git.",
      "",
      "Examples:",
      "  posthorn lint config/samples/standalone",
      "  posthorn lint manifests --output github",
      "  kustomize build overlays/prod | posthorn lint -",
      "",
      "Exit code: 0 no errors, 1 errors, 2 wrong usage."
    })
final class LintCommand implements Callable<Integer> {
  private static final Comparator<Finding> BY_PLACE =
      Comparator.comparing(
          Finding::place,
          Comparator.nullsLast(Comparator.comparing(Place::file).thenComparingInt(Place::line)));

  @Spec private CommandSpec spec;
  @Mixin private EgressOptions egress;

  @Parameters(paramLabel = "DIR|-", description = "All *.yaml and *.yml below it are read.")
  private String from;

  @Option(
      names = "--output",
      paramLabel = "text|json|github",
      defaultValue = "text",
      description = "How findings are printed. Default: ${DEFAULT-VALUE}.")
  private LintOutput output;

  @Override
  public Integer call() {
    Logs.warningsOnly();
    Manifests manifests = new ManifestReader().read(files());
    Resolution resolution = resolve(manifests);
    var findings = new ArrayList<>(manifests.findings());
    findings.addAll(resolution.findings());
    findings.sort(BY_PLACE);
    print(findings, resolution);
    return findings.stream().anyMatch(Finding::isError) ? ExitCode.NO : ExitCode.OK;
  }

  private List<ManifestFile> files() {
    if (from.equals("-")) {
      byte[] yaml = Input.bytes("-", "@-", System.in);
      return List.of(new ManifestFile("-", new String(yaml, StandardCharsets.UTF_8)));
    }
    Path directory = Path.of(from);
    if (!Files.isDirectory(directory)) {
      throw Refusal.cannotStart(
          directory + " is not a directory; name one, or - for standard input");
    }
    try {
      return new ManifestTree(directory)
          .read().stream()
              .map(file -> new ManifestFile(directory.resolve(file.path()).toString(), file.text()))
              .toList();
    } catch (IOException e) {
      throw Refusal.cannotStart(directory + " cannot be read: " + e.getMessage());
    }
  }

  private Resolution resolve(Manifests manifests) {
    var options =
        new ResolveOptions(egress.allowHttp, egress.allowCidrs, null, false, false).forLint();
    var resolver = new Resolver(BuiltInSchemes.load(), new Expressions(System::nanoTime), options);
    return resolver.resolve(
        manifests.resources(), Known.NOTHING, Clock.systemUTC().instant(), new SecureRandom());
  }

  private void print(List<Finding> findings, Resolution resolution) {
    PrintWriter out = spec.commandLine().getOut();
    out.print(output.render(findings));
    if (findings.isEmpty() && output == LintOutput.text) {
      out.println("OK: " + Counts.of(resolution.configuration()));
    }
    out.flush();
  }
}
