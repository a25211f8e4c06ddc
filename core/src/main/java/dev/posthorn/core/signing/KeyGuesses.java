package dev.posthorn.core.signing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/** One side has another key, or makes another key of the same secret. */
final class KeyGuesses {
  private static final List<String> PREFIXES = List.of("whsec_", "whsk_", "whpk_");
  private static final List<String> KEPT = List.of();

  private final Scheme scheme;
  private final List<byte[]> secrets;
  private final Received request;
  private final List<Guess> guesses = new ArrayList<>();

  private KeyGuesses(Scheme scheme, List<byte[]> secrets, Received request) {
    this.scheme = scheme;
    this.secrets = secrets;
    this.request = request;
  }

  static List<Guess> of(Scheme scheme, List<byte[]> live, List<byte[]> former, Received request) {
    var of = new KeyGuesses(scheme, live, request);
    of.add(
        scheme,
        former,
        byte[]::clone,
        "with a former key: the sender has not switched to the new secret");
    of.forms();
    of.lineEnds();
    return of.guesses;
  }

  private void forms() {
    form(
        KeyForm.Encoding.UTF8,
        KEPT,
        "with the secret as text, prefix kept: one side decodes what the other takes whole");
    form(
        KeyForm.Encoding.UTF8,
        PREFIXES,
        "with the secret as text after its prefix: one side strips what the other keeps");
    form(
        KeyForm.Encoding.BASE64,
        PREFIXES,
        "with the secret decoded from base64 after its prefix: one side takes it as text");
    form(
        KeyForm.Encoding.HEX,
        PREFIXES,
        "with the secret decoded from hexadecimal: one side takes it as text");
  }

  private void form(KeyForm.Encoding encoding, List<String> prefixes, String hint) {
    add(scheme.withKeyForm(encoding, prefixes), secrets, byte[]::clone, hint);
  }

  /** An editor or {@code echo} puts a line end into a file, and some programs take it along. */
  private void lineEnds() {
    add(
        scheme,
        secrets,
        KeyGuesses::withNewline,
        "with a newline at the end of the secret: the sender's file holds one, remove it");
    add(
        scheme,
        secrets,
        KeyGuesses::stripped,
        "without the space around the secret: remove it on this side");
  }

  private void add(Scheme changed, List<byte[]> with, UnaryOperator<byte[]> spelling, String hint) {
    guesses.add(new Guess(Guess.Part.KEY, changed, with, spelling, request, hint));
  }

  private static byte[] withNewline(byte[] secret) {
    byte[] longer = Arrays.copyOf(secret, secret.length + 1);
    longer[secret.length] = '\n';
    return longer;
  }

  private static byte[] stripped(byte[] secret) {
    int from = 0;
    int to = secret.length;
    while (from < to && isSpace(secret[from])) {
      from++;
    }
    while (to > from && isSpace(secret[to - 1])) {
      to--;
    }
    return Arrays.copyOfRange(secret, from, to);
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\t' || b == '\n' || b == '\r';
  }
}
