package dev.posthorn.cli;

import dev.posthorn.cli.terminal.Input;
import dev.posthorn.cli.terminal.Refusal;
import dev.posthorn.core.signing.KeyReading;
import dev.posthorn.core.signing.Scheme;
import dev.posthorn.core.signing.SigningKey;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What {@code sign} and {@code verify} are told alike: scheme, secrets, body, request line. */
final class SignatureOptions {
  @Option(
      names = "--scheme",
      required = true,
      paramLabel = "NAME|FILE",
      description = "A built-in scheme, such as standard-webhooks, or a SignatureScheme file.")
  private String scheme;

  @Option(
      names = "--secret-file",
      paramLabel = "FILE",
      description = "Holds the secret as configured; repeat it, newest first, during a rotation.")
  private List<Path> secretFiles = List.of();

  @Option(
      names = "--body",
      required = true,
      paramLabel = "@FILE|@-|TEXT",
      description = "The raw body: every byte counts, a final newline too.")
  private String body;

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "The URL called, for schemes that sign it.")
  private @Nullable String url;

  @Option(
      names = "--method",
      paramLabel = "NAME",
      defaultValue = "POST",
      description = "The HTTP method, for schemes that sign it. Default: ${DEFAULT-VALUE}.")
  private String method;

  Scheme scheme() {
    return SchemeChoice.of(scheme);
  }

  String schemeName() {
    return scheme;
  }

  String url() {
    return url == null ? "" : url;
  }

  String method() {
    return method.toUpperCase(Locale.ROOT);
  }

  byte[] body() {
    return Input.bytes("--body", body, System.in);
  }

  List<Path> secretFiles() {
    return secretFiles;
  }

  /** The keys in the order of their files; the secrets' bytes are wiped. */
  List<SigningKey> keys(Scheme of) {
    List<byte[]> secrets = secrets(of);
    try {
      var keys = new ArrayList<SigningKey>();
      for (int i = 0; i < secrets.size(); i++) {
        keys.add(key(of, secrets.get(i), "--secret-file", secretFiles.get(i)));
      }
      return keys;
    } finally {
      wipe(secrets);
    }
  }

  /** What the files hold, in their order; each is a key of the scheme. The caller wipes them. */
  List<byte[]> secrets(Scheme of) {
    if (secretFiles.isEmpty() && !of.isUnsigned()) {
      throw Refusal.cannotStart("--secret-file is missing: name the file that holds the secret");
    }
    return secrets(of, "--secret-file", secretFiles);
  }

  /** The same for the files of another option. */
  List<byte[]> secrets(Scheme of, String option, List<Path> files) {
    var secrets = new ArrayList<byte[]>();
    for (Path file : files) {
      byte[] secret = Input.secret(option, file);
      secrets.add(secret);
      key(of, secret, option, file).close();
    }
    return secrets;
  }

  static void wipe(List<byte[]> secrets) {
    secrets.forEach(secret -> Arrays.fill(secret, (byte) 0));
  }

  private SigningKey key(Scheme of, byte[] secret, String option, Path file) {
    return switch (of.key(secret)) {
      case KeyReading.Usable usable -> usable.key();
      case KeyReading.Unusable unusable ->
          throw Refusal.cannotStart(
              option
                  + " "
                  + file
                  + " is not a key of "
                  + scheme
                  + ": "
                  + unusable.finding().message());
    };
  }
}
