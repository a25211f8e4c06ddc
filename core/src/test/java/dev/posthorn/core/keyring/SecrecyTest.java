package dev.posthorn.core.keyring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.posthorn.core.signing.BuiltInSchemes;
import dev.posthorn.core.signing.Checker;
import dev.posthorn.core.signing.Header;
import dev.posthorn.core.signing.KeyReading;
import dev.posthorn.core.signing.Message;
import dev.posthorn.core.signing.Received;
import dev.posthorn.core.signing.Scheme;
import dev.posthorn.core.signing.SchemeReading;
import dev.posthorn.crds.SigningSecretSpec.WhenActiveRevoked;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A canary key passes through everything that can be printed; nothing shows it. */
class SecrecyTest {
  private static final String CANARY = "canary-0123456789-canary";
  private static final Instant NOON = Story.NOON;

  @Test
  void noKeyringPlanOrFindingShowsAKey() {
    Story story = Story.of(Wishes.brought(), CANARY);
    var printed = new ArrayList<Object>();
    print(story, printed);
    print(story.secret("other").pass(Duration.ofHours(1)), printed);
    print(story.secret(CANARY), printed);
    print(
        story.wish(Wishes.brought().revoke(WhenActiveRevoked.PauseUntilAcknowledged, story.id(1))),
        printed);
    assertSecret(printed);
  }

  @Test
  void noDamagedKeyringShowsAKey() {
    byte[] whole = KeyringJson.write(Story.of(Wishes.brought(), CANARY).keyring());
    var printed = new ArrayList<Object>();
    for (int length = 0; length < whole.length; length++) {
      printed.add(KeyringJson.read(Arrays.copyOf(whole, length)));
    }
    String text = new String(whole, StandardCharsets.UTF_8);
    for (String altered : List.of(text + "x", text.replace("\"keyId\"", "\"keyid\""))) {
      printed.add(KeyringJson.read(altered.getBytes(StandardCharsets.UTF_8)));
    }
    assertSecret(printed);
  }

  @Test
  void noSchemeKeyVerdictOrExceptionShowsAKey() {
    var printed = new ArrayList<Object>();
    BuiltInSchemes schemes = BuiltInSchemes.load();
    for (String name : schemes.names()) {
      if (schemes.find(name) instanceof SchemeReading.Compiled(Scheme scheme)) {
        for (String secret :
            List.of(CANARY, "whsec_" + CANARY, "whsk_" + base64(), CANARY + "\n")) {
          use(scheme, secret.getBytes(StandardCharsets.UTF_8), printed);
        }
      }
    }
    assertThat(printed).hasSizeGreaterThan(100);
    assertSecret(printed);
  }

  private static void use(Scheme scheme, byte[] secret, List<Object> printed) {
    KeyReading reading = scheme.key(secret);
    printed.add(reading);
    if (reading instanceof KeyReading.Usable(var key)) {
      var message = Message.post("msg_1", NOON, "", "{}".getBytes(StandardCharsets.UTF_8));
      printed.add(catchThrowable(() -> printed.add(scheme.sign(List.of(key), message))));
      printed.add(catchThrowable(() -> scheme.sign(List.of(key, key, key), message)));
      key.close();
      printed.add(catchThrowable(() -> scheme.sign(List.of(key), message)));
    }
    if (scheme.verifies()) {
      var lines = scheme.headerNames().stream().map(name -> new Header(name, "v1,x")).toList();
      printed.add(
          Checker.check(
              scheme, List.of(secret), List.of(secret), Received.post(lines, secret), NOON));
    }
  }

  private static void print(Story story, List<Object> printed) {
    printed.add(story.lastPlan());
    printed.add(story.keyring().versions());
    story.keyring().versions().forEach(version -> printed.add(version.material()));
  }

  private static void assertSecret(List<Object> printed) {
    for (Object object : printed) {
      for (String form : List.of(CANARY, base64(), hex(), CANARY.substring(0, 12))) {
        assertThat(everythingIn(object)).doesNotContain(form);
      }
    }
  }

  /** With the causes and stack of an exception. */
  private static String everythingIn(@Nullable Object object) {
    if (object instanceof Throwable thrown) {
      var text = new StringWriter();
      thrown.printStackTrace(new PrintWriter(text));
      return text.toString();
    }
    return String.valueOf(object);
  }

  private static String base64() {
    return Base64.getEncoder().encodeToString(CANARY.getBytes(StandardCharsets.UTF_8));
  }

  private static String hex() {
    return HexFormat.of().formatHex(CANARY.getBytes(StandardCharsets.UTF_8));
  }
}
