package dev.posthorn.cli;

import dev.posthorn.cli.terminal.ExitCode;
import dev.posthorn.core.egress.EgressGuard;
import dev.posthorn.core.egress.EgressPolicy;
import dev.posthorn.core.egress.Verdict;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code posthorn egress}: what may be reached. */
@Command(
    name = "egress",
    description = "Says whether an endpoint's URL may be reached.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND")
final class EgressCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /** {@code posthorn egress check}: the verdict on one URL, addresses included. */
  @Command(
      name = "check",
      description = "Judges URL, its name and the addresses it has now. Nothing is sent.",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      versionProvider = Version.class,
      footer = {
        "",
        "Examples:",
        "  posthorn egress check https://hooks.example.com/in",
        "  posthorn egress check http://10.1.2.3:8080/in --allow-http --allow-cidr 10.1.2.3/32:8080",
        "",
        "Exit code: 0 reachable, 1 denied or unknown name, 2 wrong usage."
      })
  int check(
      @Parameters(paramLabel = "URL", description = "As in an endpoint's spec.url.") String url,
      @Mixin EgressOptions options) {
    EgressPolicy policy =
        EgressPolicy.DEFAULT.withAllowHttp(options.allowHttp).withAllowCidrs(options.allowCidrs);
    return judge(new EgressGuard(policy), url);
  }

  private int judge(EgressGuard guard, String url) {
    if (guard.judgeUrl(url, "default") instanceof Verdict.Denied denied) {
      return say(ExitCode.NO, denied(denied));
    }
    URI uri = URI.create(url);
    int port = port(uri);
    List<InetAddress> addresses;
    try {
      addresses = List.of(InetAddress.getAllByName(uri.getHost()));
    } catch (UnknownHostException e) {
      return say(ExitCode.NO, "unknown: " + uri.getHost() + " has no address; check the spelling");
    }
    var names = new ArrayList<String>();
    for (InetAddress address : addresses) {
      names.add(address.getHostAddress());
      if (guard.judgeAddress(uri.getHost(), address, port) instanceof Verdict.Denied denied) {
        return say(ExitCode.NO, denied(denied));
      }
    }
    return say(ExitCode.OK, "reachable: " + String.join(", ", names) + " port " + port);
  }

  private static int port(URI uri) {
    if (uri.getPort() >= 0) {
      return uri.getPort();
    }
    return "http".equals(uri.getScheme()) ? 80 : 443;
  }

  private static String denied(Verdict.Denied denied) {
    return "denied (" + denied.rule().wire() + "): " + denied.sentence();
  }

  private int say(int exitCode, String line) {
    spec.commandLine().getOut().println(line);
    spec.commandLine().getOut().flush();
    return exitCode;
  }
}
