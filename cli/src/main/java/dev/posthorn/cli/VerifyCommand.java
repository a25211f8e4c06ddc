package dev.posthorn.cli;

import dev.posthorn.cli.terminal.ExitCode;
import dev.posthorn.cli.terminal.Input;
import dev.posthorn.cli.terminal.Moment;
import dev.posthorn.cli.terminal.Refusal;
import dev.posthorn.core.signing.Checker;
import dev.posthorn.core.signing.Header;
import dev.posthorn.core.signing.Received;
import dev.posthorn.core.signing.Scheme;
import dev.posthorn.core.signing.Verification;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code posthorn verify}: says whether a request is signed, or precisely why not. */
@Command(
    name = "verify",
    description =
        "Checks the signature of a received request: OK, or the precise reason and what would help.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    versionProvider = Version.class,
    footer = {
      "",
      "Examples:",
      "  posthorn verify --scheme github --secret-file hook.key --body @body.json \\",
      "      --header 'X-Hub-Signature-256: sha256=6d5c...'",
      "  posthorn verify --scheme standard-webhooks --secret-file new.key --secret-file old.key \\",
      "      --body @body.json --header @headers.txt --at 2026-11-22T10:00:00Z",
      "",
      "Exit code: 0 verified, 1 not verified, 2 wrong usage."
    })
final class VerifyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private SignatureOptions options;

  @Option(
      names = "--header",
      paramLabel = "'N: V'|@FILE",
      description = "A header as received, or a file with one a line; may be repeated.")
  private List<String> headers = List.of();

  @Option(
      names = "--former-secret-file",
      paramLabel = "FILE",
      description = "Holds a secret that is no longer valid; explains who still signs with it.")
  private List<Path> formerSecretFiles = List.of();

  @Option(
      names = "--at",
      paramLabel = "TIME",
      description = "When it was received: Unix seconds or RFC 3339. Default: now.")
  private @Nullable String at;

  @Override
  public Integer call() {
    Scheme scheme = options.scheme();
    if (!scheme.verifies()) {
      throw Refusal.cannotStart(
          "--scheme " + options.schemeName() + " only signs: its descriptor has no part 'verify'");
    }
    Instant now = at == null ? Clock.systemUTC().instant() : Moment.parse("--at", at);
    var received = new Received(options.method(), options.url(), headerLines(), options.body());
    List<byte[]> live = options.secrets(scheme);
    List<byte[]> former = options.secrets(scheme, "--former-secret-file", formerSecretFiles);
    try {
      return answer(Checker.check(scheme, live, former, received, now));
    } finally {
      SignatureOptions.wipe(live);
      SignatureOptions.wipe(former);
    }
  }

  private int answer(Verification verification) {
    return switch (verification) {
      case Verification.Verified verified -> say(ExitCode.OK, "OK: " + described(verified));
      case Verification.Unsigned _ ->
          say(ExitCode.OK, "OK: the scheme none signs nothing, so nothing was checked");
      case Verification.Rejected rejected ->
          say(ExitCode.NO, "rejected (" + rejected.reason() + "): " + rejected.message());
    };
  }

  private String described(Verification.Verified verified) {
    var line = new StringBuilder("signed with ").append(options.secretFiles().get(verified.key()));
    if (verified.id() != null) {
      line.append(", id ").append(verified.id());
    }
    if (verified.timestamp() != null) {
      line.append(", at ").append(verified.timestamp());
    }
    return line.toString();
  }

  private int say(int exitCode, String line) {
    spec.commandLine().getOut().println(line);
    spec.commandLine().getOut().flush();
    return exitCode;
  }

  private List<Header> headerLines() {
    var lines = new ArrayList<Header>();
    for (String argument : headers) {
      String text =
          new String(Input.bytes("--header", argument, System.in), StandardCharsets.ISO_8859_1);
      for (String line : text.lines().filter(each -> !each.isBlank()).toList()) {
        boolean folded = !lines.isEmpty() && (line.startsWith(" ") || line.startsWith("\t"));
        lines.add(folded ? continued(lines.removeLast(), line) : header(line));
      }
    }
    return lines;
  }

  /** A line that begins with space goes on with the one before (RFC 9112 section 5.2). */
  private static Header continued(Header header, String line) {
    return new Header(header.name(), header.value() + "\r\n " + line.strip());
  }

  /** Space around a value is not part of it (RFC 9110 section 5.5). */
  private static Header header(String line) {
    int colon = line.indexOf(':');
    if (colon <= 0) {
      throw Refusal.cannotStart("--header: \"" + line + "\" has no colon; write it 'name: value'");
    }
    return new Header(line.substring(0, colon).strip(), line.substring(colon + 1).strip());
  }
}
