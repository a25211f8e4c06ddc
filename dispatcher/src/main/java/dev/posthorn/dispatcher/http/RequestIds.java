package dev.posthorn.dispatcher.http;

import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Names requests: the client's name if it is sane, else one of ours. Thread-safe. */
final class RequestIds {
  private static final Pattern SANE = Pattern.compile("[A-Za-z0-9._~-]{1,128}");

  private final String prefix;
  private final AtomicLong last = new AtomicLong();

  /** Ours are unique over processes by eight random digits, then they count. */
  RequestIds(RandomGenerator random) {
    this.prefix = HexFormat.of().toHexDigits(random.nextInt()) + "-";
  }

  String of(@Nullable String client) {
    return client != null && SANE.matcher(client).matches()
        ? client
        : prefix + last.incrementAndGet();
  }
}
