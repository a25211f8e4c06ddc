package dev.posthorn.e2e.verify;

import dev.posthorn.e2e.fixture.Received;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A request as a receiver may get it, and what he must make of it.
 *
 * @param name without spaces
 * @param id {@code webhook-id}; null where the header is missing
 * @param time {@code webhook-timestamp}; null where the header is missing
 * @param signature {@code webhook-signature}; null where the header is missing
 * @param secret the one that the receiver has
 * @param now his clock, seconds since 1970
 * @param genuine whether it verifies
 * @param fresh whether its id is seen for the first time
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Case(
    String name,
    @Nullable String id,
    @Nullable String time,
    @Nullable String signature,
    byte[] body,
    String secret,
    long now,
    boolean genuine,
    boolean fresh) {

  /** A request that was really sent, judged when it was sent. */
  static Case of(String name, Received request, String secret) {
    String time = request.header("webhook-timestamp");
    return new Case(
        name,
        request.header("webhook-id"),
        time,
        request.header("webhook-signature"),
        request.body(),
        secret,
        Long.parseLong(time),
        true,
        true);
  }

  Case again(String newName) {
    return new Case(newName, id, time, signature, body, secret, now, true, false);
  }

  Case at(String newName, long offset, boolean stillGenuine) {
    return new Case(
        newName, id, time, signature, body, secret, now + offset, stillGenuine, stillGenuine);
  }

  Case withId(String newName, @Nullable String other) {
    return new Case(newName, other, time, signature, body, secret, now, false, false);
  }

  Case withTime(String newName, @Nullable String other) {
    return new Case(newName, id, other, signature, body, secret, now, false, false);
  }

  Case withSignature(String newName, @Nullable String other) {
    return new Case(newName, id, time, other, body, secret, now, false, false);
  }

  Case withBody(String newName, byte[] other) {
    return new Case(newName, id, time, signature, other, secret, now, false, false);
  }

  Case withSecret(String newName, String other) {
    return new Case(newName, id, time, signature, body, other, now, false, false);
  }

  /** As the programs read it: base64 cells behind tabs, {@code -} for what is missing. */
  String line() {
    return String.join(
        "\t",
        name,
        cell(id),
        cell(time),
        cell(signature),
        Base64.getEncoder().encodeToString(body),
        cell(secret),
        cell(Long.toString(now)));
  }

  private static String cell(@Nullable String text) {
    return text == null
        ? "-"
        : Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /** What the programs answer. */
  String verdict() {
    return name + " " + genuine + " " + fresh;
  }
}
