package dev.posthorn.cli;

import dev.posthorn.cli.terminal.Moment;
import dev.posthorn.cli.terminal.Refusal;
import dev.posthorn.core.event.EventId;
import dev.posthorn.core.signing.Header;
import dev.posthorn.core.signing.Message;
import dev.posthorn.core.signing.Scheme;
import dev.posthorn.core.signing.SigningKey;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code posthorn sign}: prints the headers that sign a body. */
@Command(
    name = "sign",
    description = "Signs a body and prints the headers, 'name: value' a line.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    versionProvider = Version.class,
    footer = {
      "",
      "Examples:",
      "  posthorn sign --scheme standard-webhooks --secret-file acme.key --body @order.json",
      "  posthorn sign --scheme stripe --secret-file acme.key --body '{}' --timestamp 1763805600"
    })
final class SignCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private SignatureOptions options;

  @Option(
      names = "--id",
      paramLabel = "ID",
      description = "The event's id, for schemes that sign it. Default: a new one.")
  private @Nullable String id;

  @Option(
      names = "--timestamp",
      paramLabel = "TIME",
      description = "Unix seconds or RFC 3339. Default: now.")
  private @Nullable String timestamp;

  @Override
  public Integer call() {
    Scheme scheme = options.scheme();
    if (!scheme.signs()) {
      throw Refusal.cannotStart(
          "--scheme " + options.schemeName() + " only verifies; use 'posthorn verify', or another");
    }
    List<SigningKey> keys = options.keys(scheme);
    if (scheme.carriesOneSignature() && keys.size() > 1) {
      throw Refusal.cannotStart(
          "--secret-file: "
              + options.schemeName()
              + " carries one signature; name one secret only");
    }
    if (!keys.stream().allMatch(SigningKey::signs)) {
      throw Refusal.cannotStart(
          "--secret-file: a public key only verifies; name the file that holds the private key");
    }
    try {
      print(scheme.sign(keys, message()));
    } catch (IllegalArgumentException unfit) {
      throw Refusal.cannotStart(Objects.toString(unfit.getMessage()));
    }
    return 0;
  }

  private Message message() {
    Instant now = Clock.systemUTC().instant();
    Instant at = timestamp == null ? now : Moment.parse("--timestamp", timestamp);
    String event = id == null ? EventId.next(now, new SecureRandom()).value() : id;
    return new Message(event, at, options.method(), options.url(), List.of(), options.body());
  }

  private void print(List<Header> headers) {
    PrintWriter out = spec.commandLine().getOut();
    for (Header header : headers) {
      out.println(header.name() + ": " + header.value());
    }
    out.flush();
  }
}
