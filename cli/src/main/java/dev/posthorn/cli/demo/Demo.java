package dev.posthorn.cli.demo;

import dev.posthorn.cli.client.Publisher;
import dev.posthorn.cli.data.AdminToken;
import dev.posthorn.cli.demo.Arrival.Reaction;
import dev.posthorn.cli.run.Standalone;
import dev.posthorn.cli.run.StandaloneOptions;
import dev.posthorn.cli.terminal.Pause;
import dev.posthorn.cli.terminal.StopSignal;
import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.keyring.KeyMaterial;
import dev.posthorn.core.keyring.KeyVersion;
import dev.posthorn.core.keyring.KeyringReading;
import dev.posthorn.core.resolve.ResolveOptions;
import dev.posthorn.dispatcher.Balance;
import dev.posthorn.dispatcher.StoreOptions;
import dev.posthorn.dispatcher.http.Listen;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The demo from its first line to its last: receivers, a directory, a dispatcher, traffic, one
 * rotation. Everything lives in one temporary directory, which is gone at the end.
 */
public final class Demo implements AutoCloseable {
  private static final Duration FAILING = Duration.ofSeconds(8);
  private static final Duration ROTATION_AT = Duration.ofSeconds(5);
  private static final Duration CUSTOMER_TAKES = Duration.ofSeconds(4);
  private static final Duration TOTALS_EVERY = Duration.ofSeconds(10);
  private static final Duration TICK = Duration.ofMillis(500);
  private static final Duration DRAIN = Duration.ofSeconds(2);
  private static final ResourceName ORDERS_KEYS = new ResourceName("acme", "orders");
  private static final Listen ANY_PORT = new Listen("127.0.0.1", 0);

  private final String version;
  private final PrintWriter out;
  private final Clock clock;
  private final Story story;
  private final Path directory;
  private volatile Instant start = Instant.EPOCH;
  private final Receiver orders;
  private final Receiver billing;
  private final Receiver audit;
  private final Optional<LocalRedis> redis;
  private final Standalone running;
  private final AdminToken token;

  /** Starts everything but the traffic. */
  public Demo(String version, PrintWriter out, Clock clock) throws IOException {
    this.version = version;
    this.out = out;
    this.clock = clock;
    this.story = new Story(out, clock);
    this.directory = Files.createTempDirectory("posthorn-demo-");
    this.orders =
        receiver("acme/orders", CustomerCheck::standardWebhooks, "", now -> Reaction.ACCEPTED);
    this.billing =
        receiver(
            "acme/billing", CustomerCheck::stripe, "sample-billing-key-replace-me", this::mending);
    this.audit =
        receiver(
            "globex/audit",
            CustomerCheck::github,
            "sample-audit-key-replace-me",
            now -> Reaction.HUNG);
    this.redis = LocalRedis.start(directory.resolve("redis"), story);
    writeManifests();
    this.running = Standalone.start(options(), new DemoReport(story), clock);
    this.token =
        running.token().orElseThrow(() -> new IllegalStateException("the demo names no tokens"));
    orders.switchTo(newestKey());
  }

  private Receiver receiver(
      String endpoint, CustomerCheck check, String secret, Function<Instant, Reaction> behaviour)
      throws IOException {
    return new Receiver(endpoint, check, secret, behaviour, clock, story::arrived);
  }

  /** Out of order for a while, then well: what a deployment that went wrong looks like. */
  private Reaction mending(Instant now) {
    return Duration.between(start, now).compareTo(FAILING) < 0
        ? Reaction.FAILED
        : Reaction.ACCEPTED;
  }

  private Path manifests() {
    return directory.resolve("manifests");
  }

  private void writeManifests() throws IOException {
    var files = new ArrayList<>(Samples.FILES);
    Map<String, String> replacements = new HashMap<>();
    replacements.put("127.0.0.1:9001", "127.0.0.1:" + orders.port());
    replacements.put("127.0.0.1:9002", "127.0.0.1:" + billing.port());
    replacements.put("127.0.0.1:9003", "127.0.0.1:" + audit.port());
    redis.ifPresentOrElse(
        r -> replacements.put("127.0.0.1:6379", "127.0.0.1:" + r.port()),
        () -> files.remove(Samples.STREAM));
    Samples.write(files, manifests(), replacements);
  }

  private StandaloneOptions options() {
    return new StandaloneOptions(
        manifests(),
        directory.resolve("data"),
        StoreOptions.embedded(),
        ANY_PORT,
        ANY_PORT,
        ResolveOptions.DEFAULT,
        null,
        version,
        DRAIN);
  }

  /**
   * Lets it run until {@code stop} is asked for.
   *
   * @param limit ends it by itself; absent = never
   */
  public void play(StopSignal stop, @Nullable Duration limit)
      throws IOException, InterruptedException {
    start = clock.instant();
    head();
    story.begin();
    var publisher = new Publisher(api(), token.value(), clock);
    try (var lines = new ApiLines(api(), token.value(), story);
        var traffic = new Traffic(publisher, redis.map(LocalRedis::client), story)) {
      var rotation = new Rotation();
      Instant totals = start.plus(TOTALS_EVERY);
      while (!stop.await(TICK) && !over(limit) && !running.failure().isDone()) {
        rotation.step(clock.instant());
        lines.look("acme");
        lines.look("globex");
        if (clock.instant().isAfter(totals)) {
          story.note("", "", "total", sum(settled()));
          totals = totals.plus(TOTALS_EVERY);
        }
      }
      assert traffic != null : "it publishes until it is closed";
    }
    Throwable broken = running.failure().getNow(null);
    if (broken != null) {
      throw new IllegalStateException("the engine has stopped; please report this", broken);
    }
  }

  private boolean over(@Nullable Duration limit) {
    return limit != null && clock.instant().isAfter(start.plus(limit));
  }

  private URI api() {
    return URI.create("http://" + running.api());
  }

  private void head() {
    for (String line :
        List.of(
            "Posthorn "
                + version
                + ": 2 tenants, 3 receivers, everything on this machine. Ctrl-C ends it.",
            "",
            "  acme/orders   signed like Standard Webhooks; the receiver is healthy",
            "  acme/billing  signed like Stripe; the receiver answers 503 for "
                + FAILING.toSeconds()
                + " seconds",
            "  globex/audit  signed like GitHub; the receiver never answers",
            "",
            "  Receivers verify every request with code of their own, not with Posthorn's.",
            "",
            "  manifests  " + manifests() + "   (edit one: it is live within a second)",
            "  API        " + api() + "   and, with the token:",
            "  curl -H \"Authorization: Bearer $(cat "
                + token.file()
                + ")\" "
                + api()
                + "/v1/tenants/acme/attempts",
            "")) {
      out.println(line);
    }
    out.flush();
  }

  /** The customer is given the new key the way a customer is: as text, out of band. */
  private String newestKey() throws IOException {
    KeyVersion newest =
        running
            .keyrings()
            .read(ORDERS_KEYS)
            .filter(KeyringReading.Intact.class::isInstance)
            .map(reading -> ((KeyringReading.Intact) reading).keyring())
            .orElseThrow(this::noKeyring)
            .versions()
            .getLast();
    KeyMaterial material = newest.material();
    if (material == null) {
      throw noKeyring();
    }
    return new String(material.bytes(), StandardCharsets.UTF_8);
  }

  private IllegalStateException noKeyring() {
    return new IllegalStateException("acme/orders has no keyring although its endpoint is live");
  }

  /** Rotates by editing the manifest; some time after both keys sign, the customer switches. */
  private final class Rotation {
    private boolean wished;
    private boolean switched;
    private @Nullable Instant bothSince;

    void step(Instant now) throws IOException {
      if (!wished && now.isAfter(start.plus(ROTATION_AT))) {
        wished = true;
        wish(now);
      }
      if (bothSince == null && story.signaturesOf("acme/orders") == 2) {
        bothSince = now;
      }
      if (bothSince != null && !switched && now.isAfter(bothSince.plus(CUSTOMER_TAKES))) {
        switched = true;
        orders.switchTo(newestKey());
        story.note("acme/orders", "", "switched", "the receiver now has the new key only");
      }
    }

    private void wish(Instant now) throws IOException {
      Path file = manifests().resolve(Samples.ORDERS);
      String yaml = Files.readString(file);
      String rotated =
          yaml.replace(
              "  rotation:\n",
              "  rotation:\n    rotateAfter: \"" + now.truncatedTo(ChronoUnit.SECONDS) + "\"\n");
      Files.writeString(file, rotated);
      story.note("acme/orders", "", "edited", "rotation.rotateAfter written to " + Samples.ORDERS);
    }
  }

  /** Counted when everything that was accepted is in a column; a moment later at most. */
  private Balance settled() {
    Balance balance = running.balance();
    try {
      for (int look = 0; look < 10 && balance.unaccounted() != 0; look++) {
        Pause.real().last(Duration.ofMillis(50));
        balance = running.balance();
      }
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
    }
    return balance;
  }

  private static String sum(Balance balance) {
    return "accepted "
        + balance.accepted()
        + " = delivered "
        + balance.delivered()
        + " + waiting "
        + balance.waiting()
        + " + dead "
        + balance.dead();
  }

  /** Ends everything, removes its directory, prints the last line. */
  @Override
  public void close() throws IOException {
    Balance balance = settled();
    running.close();
    for (Receiver receiver : List.of(orders, billing, audit)) {
      receiver.close();
    }
    if (redis.isPresent()) {
      redis.get().close();
    }
    Trash.delete(directory);
    out.println();
    out.println(
        "Receivers verified "
            + story.verified()
            + " requests and refused "
            + story.refused()
            + ". Nothing is left behind.");
    out.println("Deliveries: " + sum(balance));
    out.flush();
  }
}
