package dev.posthorn.dispatcher;

import java.util.Arrays;
import java.util.Locale;

/** What a dispatcher does of all that there is to do: the parts talk through a shared store. */
public enum Role {
  /** All of it. */
  ALL,
  /** HTTP in: it takes events and answers the API, and sends nothing. */
  GATEWAY,
  /** Streams, lanes, HTTP out: it has no API. */
  WORKER;

  /**
   * Reads a role as options spell it.
   *
   * @throws IllegalArgumentException where there is none of that name; the message says the cure
   */
  public static Role parse(String text) {
    return Arrays.stream(values())
        .filter(role -> role.name().toLowerCase(Locale.ROOT).equals(text))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException(text + " is no role; write all, gateway or worker"));
  }

  /** Whether it listens for callers. */
  public boolean serves() {
    return this != WORKER;
  }

  /** Whether it reads streams and sends. */
  public boolean sends() {
    return this != GATEWAY;
  }
}
