package dev.posthorn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SignAndVerifyTest {
  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final String TIME = "1614265330";
  private static final String OTHER = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

  @TempDir private Path dir;

  @BeforeEach
  void writeSecrets() throws IOException {
    write("key", SECRET + "\n");
    write("other", OTHER + "\n");
    write("body.json", "{\"a\": 1}\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"standard-webhooks", "stripe", "github", "meeva", "wss"})
  void whatSignPrintsVerifies(String scheme) throws IOException {
    CommandRun signed = sign(scheme, "key", "body.json");
    write("headers", signed.out());

    CommandRun verified = verify(scheme, "key", "body.json");

    assertThat(signed.exitCode()).isZero();
    assertThat(verified.out()).startsWith("OK: signed with ").contains("key");
    assertThat(verified.exitCode()).isZero();
  }

  @Test
  void theExampleOfTheStandardWebhooksSpecificationComesOutAsWritten() throws IOException {
    write("spec", "{\"test\": 2432232314}");

    CommandRun signed =
        CommandRun.of(
            "sign",
            "--scheme",
            "standard-webhooks",
            "--secret-file",
            path("key"),
            "--body",
            "@" + path("spec"),
            "--id",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            "--timestamp",
            "1614265330");

    assertThat(signed.out())
        .isEqualToNormalizingNewlines(
            """
            webhook-id: msg_p5jXN8AQM9LWM0D4loKWxJek
            webhook-timestamp: 1614265330
            webhook-signature: v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=
            """);
  }

  @Test
  void aChangedBodyIsRejectedWithExitCodeOne() throws IOException {
    write("headers", sign("standard-webhooks", "key", "body.json").out());
    write("body.json", "{\"a\": 2}\n");

    CommandRun verified = verify("standard-webhooks", "key", "body.json");

    assertThat(verified.exitCode()).isEqualTo(1);
    assertThat(verified.out()).startsWith("rejected (SignatureMismatch): ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // signed | checked | what verify says after the exit code
        "{'a': 1}|{'a': 1}<LF>"
            + "|body differs: 1 key tried; it verifies after removing the final newline: hash the raw"
            + " body",
        "{'a': 1}<CR><LF>|{'a': 1}"
            + "|body differs: 1 key tried; it verifies with a final carriage return and newline, which"
            + " were removed: hash the raw body",
        "{'a':'\\u00e9'}|{ 'a' : 'é' }"
            + "|body differs: 1 key tried; it verifies with the JSON written without spaces and with"
            + " non-ASCII escaped: hash the raw body, before any parser",
        "{'a': [1, 2]}|{'a':[1,2]}"
            + "|body differs: 1 key tried; it verifies with the JSON written with spaces after , and"
            + " :: hash the raw body, before any parser",
      })
  void saysWhatWasDoneToTheBody(String signed, String checked, String says) throws IOException {
    write("body.json", json(signed));
    write("headers", sign("standard-webhooks", "key", "body.json").out());
    write("body.json", json(checked));

    CommandRun verified = verify("standard-webhooks", "key", "body.json");

    assertThat(verified.exitCode()).isEqualTo(1);
    assertThat(verified.out())
        .isEqualToNormalizingNewlines("rejected (SignatureMismatch): " + says + "\n");
  }

  private static String json(String text) {
    return text.replace('\'', '"').replace("<CR>", "\r").replace("<LF>", "\n");
  }

  @Test
  void saysThatAFormerSecretSigned() throws IOException {
    write("headers", sign("standard-webhooks", "other", "body.json").out());

    CommandRun verified =
        CommandRun.of(
            "verify",
            "--scheme",
            "standard-webhooks",
            "--secret-file",
            path("key"),
            "--former-secret-file",
            path("other"),
            "--body",
            "@" + path("body.json"),
            "--header",
            "@" + path("headers"));

    assertThat(verified.exitCode()).isEqualTo(1);
    assertThat(verified.out())
        .isEqualToNormalizingNewlines(
            "rejected (SignatureMismatch): key differs: 1 key tried; it verifies with a former key:"
                + " the sender has not switched to the new secret\n");
  }

  @Test
  void saysThatTheOtherSideDecodesTheSecret() throws IOException {
    write("bare", SECRET.substring("whsec_".length()));
    write("headers", sign("meeva", "bare", "body.json").out());

    assertThat(verify("meeva", "key", "body.json").out())
        .isEqualToNormalizingNewlines(
            "rejected (SignatureMismatch): key differs: 1 key tried; it verifies with the secret as"
                + " text after its prefix: one side strips what the other keeps\n");
  }

  @Test
  void aHeaderThatWasFoldedIsReadAndExplained() throws IOException {
    String headers = sign("standard-webhooks", "key", "body.json").out();
    write("headers", headers.replace("v1,", "v1,\r\n  "));

    assertThat(verify("standard-webhooks", "key", "body.json").out())
        .isEqualToNormalizingNewlines(
            "rejected (SignatureMalformed): header differs: 1 key tried; it verifies after removing"
                + " the line break inside a header's value: a proxy folds headers\n");
  }

  @Test
  void saysThatTheTimestampIsInMilliseconds() throws IOException {
    write(
        "millis.yaml",
        """
        kind: SignatureScheme
        spec:
          algorithm: HmacSha256
          key: {encoding: Utf8}
          content: "{timestamp}.{body}"
          timestamp: {format: UnixMillis}
          signature: {encoding: HexLower, item: "v1={signature}"}
          headers:
            - {name: Stripe-Signature, value: "t={timestamp},{signatures}"}
        """);
    String[] request = {"--secret-file", path("key"), "--body", "{}"};
    String[] sign = with(request, "sign", "--scheme", path("millis.yaml"), "--timestamp", TIME);
    write("headers", CommandRun.of(sign).out());

    CommandRun verified =
        CommandRun.of(
            with(
                request,
                "verify",
                "--scheme",
                "stripe",
                "--header",
                "@" + path("headers"),
                "--at",
                TIME));

    assertThat(verified.out())
        .isEqualToNormalizingNewlines(
            "rejected (TimestampOutsideTolerance): timestamp differs: 1 key tried; it verifies when"
                + " its timestamp is read as milliseconds: the scheme has seconds\n");
  }

  @Test
  void anyOfSeveralSecretsMayVerifyAndTheAnswerNamesIt() throws IOException {
    write("headers", sign("standard-webhooks", "key", "body.json").out());

    CommandRun verified =
        CommandRun.of(
            "verify",
            "--scheme",
            "standard-webhooks",
            "--secret-file",
            path("other"),
            "--secret-file",
            path("key"),
            "--body",
            "@" + path("body.json"),
            "--header",
            "@" + path("headers"));

    assertThat(verified.out()).startsWith("OK: signed with " + path("key"));
  }

  @Test
  void aRequestOfYesterdayVerifiesAtItsTimeAndNotNow() throws IOException {
    String[] request = {
      "--scheme", "standard-webhooks", "--secret-file", path("key"), "--body", "{}"
    };
    write("headers", CommandRun.of(with(request, "sign", "--timestamp", "1614265330")).out());

    CommandRun now = CommandRun.of(with(request, "verify", "--header", "@" + path("headers")));
    CommandRun then =
        CommandRun.of(
            with(
                request,
                "verify",
                "--header",
                "@" + path("headers"),
                "--at",
                "2021-02-25T15:02:15Z"));

    assertThat(now.out()).startsWith("rejected (TimestampOutsideTolerance): ");
    assertThat(then.exitCode()).isZero();
  }

  @Test
  void oneLineEndOfASecretFileIsNotPartOfTheSecret() throws IOException {
    write("windows", SECRET + "\r\n");
    write("bare", SECRET);
    write("headers", sign("standard-webhooks", "windows", "body.json").out());

    assertThat(verify("standard-webhooks", "bare", "body.json").exitCode()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sign --scheme nope --secret-file KEY --body x | \"nope\" is not built in",
        "sign --scheme stripe --body x | --secret-file is missing",
        "sign --scheme stripe --secret-file GONE --body x | does not exist",
        "sign --scheme stripe --secret-file KEY --body @GONE | --body: ",
        "sign --scheme stripe --secret-file KEY --body x --timestamp soon | is not a time",
        "sign --scheme svix --secret-file KEY --body x --id a.b | id is not 1 to 128 letters",
        "verify --scheme svix --secret-file KEY --former-secret-file GONE --body x | does not exist",
        "sign --scheme github --secret-file KEY --secret-file KEY --body x | carries one signature",
        "sign --scheme pagerduty --secret-file KEY --body x | only verifies",
        "verify --scheme stripe --secret-file KEY --body x --header nocolon | has no colon",
        "sign --scheme ./GONE.yaml --secret-file KEY --body x | does not exist",
        "sign --shceme stripe | did you mean --scheme?",
      })
  void aWrongInputEndsInOneLineThatNamesItAndExitCodeTwo(String command, String says) {
    CommandRun run =
        CommandRun.of(
            command.replace("KEY", path("key")).replace("GONE", path("gone")).strip().split(" "));

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err().strip()).contains(says).doesNotContain("\n").doesNotContain(SECRET);
    assertThat(run.out()).isEmpty();
  }

  @Test
  void aSchemeFromAFileSignsToo() throws IOException {
    write(
        "mine.yaml",
        """
        apiVersion: posthorn.dev/v1alpha1
        kind: SignatureScheme
        metadata: {name: mine.example.com}
        spec:
          algorithm: HmacSha256
          key: {encoding: Utf8}
          content: "{body}"
          signature: {encoding: HexLower, item: "{signature}", keys: Single}
          headers:
            - {name: x-mine, value: "{signatures}"}
        """);

    CommandRun signed = sign(path("mine.yaml"), "key", "body.json");

    assertThat(signed.out()).matches("x-mine: [0-9a-f]{64}\\R");
  }

  private CommandRun sign(String scheme, String secret, String body) {
    return CommandRun.of(
        "sign", "--scheme", scheme, "--secret-file", path(secret), "--body", "@" + path(body));
  }

  private CommandRun verify(String scheme, String secret, String body) {
    return CommandRun.of(
        "verify",
        "--scheme",
        scheme,
        "--secret-file",
        path(secret),
        "--body",
        "@" + path(body),
        "--header",
        "@" + path("headers"));
  }

  private static String[] with(String[] request, String command, String... more) {
    var all = new java.util.ArrayList<String>();
    all.add(command);
    all.addAll(java.util.List.of(request));
    all.addAll(java.util.List.of(more));
    return all.toArray(String[]::new);
  }

  private String path(String name) {
    return dir.resolve(name).toString();
  }

  private void write(String name, String content) throws IOException {
    Files.writeString(dir.resolve(name), content, StandardCharsets.UTF_8);
  }
}
