package dev.posthorn.e2e.oracle;

import dev.posthorn.core.expression.Expressions;
import dev.posthorn.core.resolve.Known;
import dev.posthorn.core.resolve.ManifestFile;
import dev.posthorn.core.resolve.ManifestReader;
import dev.posthorn.core.resolve.ResolveOptions;
import dev.posthorn.core.resolve.Resolver;
import dev.posthorn.core.signing.BuiltInSchemes;
import dev.posthorn.core.signing.Scheme;
import dev.posthorn.core.signing.SchemeReading;
import dev.posthorn.crds.SignatureSchemeSpec;
import dev.posthorn.e2e.fixture.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;

/** The schemes for which a registry has a library of the vendor, and what that library takes. */
enum Oracle {
  STANDARD_WEBHOOKS("standard-webhooks", Secret.Kind.WHSEC, Bodies.Kind.TEXT, true),
  /**
   * No library of Standard Webhooks knows v1a; this is TweetNaCl with the specification's words.
   */
  STANDARD_WEBHOOKS_ED25519("standard-webhooks-ed25519", Secret.Kind.WHSK, Bodies.Kind.BYTES, true),
  SVIX("svix", Secret.Kind.WHSEC, Bodies.Kind.TEXT, true),
  STRIPE("stripe", Secret.Kind.TEXT, Bodies.Kind.TEXT, true),
  GITHUB("github", Secret.Kind.TEXT, Bodies.Kind.TEXT, true),
  SHOPIFY("shopify", Secret.Kind.TEXT, Bodies.Kind.TEXT, false),
  SLACK("slack", Secret.Kind.TEXT, Bodies.Kind.TEXT, false),
  SENDGRID("sendgrid", Secret.Kind.SPKI, Bodies.Kind.TEXT, true),
  PADDLE("paddle.posthorn.dev", Secret.Kind.TEXT, Bodies.Kind.TEXT, false),
  LINEAR("linear.posthorn.dev", Secret.Kind.TEXT, Bodies.Kind.TIMED, false),
  ADYEN_PLATFORM("adyen-platform.posthorn.dev", Secret.Kind.HEX, Bodies.Kind.TEXT, true),
  LINE("line.posthorn.dev", Secret.Kind.TEXT, Bodies.Kind.BYTES, false),
  GITLAB("gitlab.posthorn.dev", Secret.Kind.WHSEC, Bodies.Kind.TEXT, true),
  DISCORD("discord.posthorn.dev", Secret.Kind.HEX_PUBLIC, Bodies.Kind.BYTES, true),
  HUBSPOT("hubspot-v3.posthorn.dev", Secret.Kind.TEXT, Bodies.Kind.TEXT, true),
  SQUARE("square.posthorn.dev", Secret.Kind.TEXT, Bodies.Kind.TEXT, true);

  private static final Map<String, Scheme> COMPILED = new ConcurrentHashMap<>();

  private final String title;
  private final Secret.Kind secrets;
  private final Bodies.Kind bodies;
  private final boolean signs;

  Oracle(String title, Secret.Kind secrets, Bodies.Kind bodies, boolean signs) {
    this.title = title;
    this.secrets = secrets;
    this.bodies = bodies;
    this.signs = signs;
  }

  /** As manifests and {@code oracle.mjs} name it. */
  String title() {
    return title;
  }

  /** Ours, which is to be judged. */
  Scheme scheme() {
    return COMPILED.computeIfAbsent(title, Oracle::compiled);
  }

  Secret.Kind secrets() {
    return secrets;
  }

  Bodies.Kind bodies() {
    return bodies;
  }

  /** Whether the other side signs: the library, or where it cannot, the documented algorithm. */
  boolean signs() {
    return signs;
  }

  private static Scheme compiled(String name) {
    SchemeReading reading =
        name.contains(".") ? Scheme.compile(spec(name)) : BuiltInSchemes.load().find(name);
    return switch (reading) {
      case SchemeReading.Compiled(Scheme scheme) -> scheme;
      case SchemeReading.Refused refused -> throw new AssertionError(refused.findings());
    };
  }

  private static SignatureSchemeSpec spec(String name) {
    Path path = Program.root().resolve("config/schemes").resolve(name + ".yaml");
    try {
      var file = new ManifestFile(name, Files.readString(path));
      var resources = new ManifestReader().read(List.of(file)).resources();
      var resolver =
          new Resolver(BuiltInSchemes.load(), new Expressions(() -> 0), ResolveOptions.DEFAULT);
      var configuration =
          resolver.resolve(resources, Known.NOTHING, Instant.EPOCH, new Random(1)).configuration();
      return Objects.requireNonNull(configuration.schemes().get(name), name).spec();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
