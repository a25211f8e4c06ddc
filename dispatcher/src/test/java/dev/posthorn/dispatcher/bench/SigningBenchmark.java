package dev.posthorn.dispatcher.bench;

import dev.posthorn.core.signing.BuiltInSchemes;
import dev.posthorn.core.signing.Header;
import dev.posthorn.core.signing.KeyReading;
import dev.posthorn.core.signing.Message;
import dev.posthorn.core.signing.Scheme;
import dev.posthorn.core.signing.SchemeReading;
import dev.posthorn.core.signing.SigningKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * What the signature of a delivery costs: Standard Webhooks over 1 KiB with one key and with three,
 * headers included, beside the bare {@code Mac} over as many bytes, its key scheduled already.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 6, time = 1)
public class SigningBenchmark {
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
  private static final String ID = "msg_01jd9f3m4x7q8r2t5v6w9y0z1a";
  private static final int BODY = 1024;

  private final Scheme scheme = scheme();
  private final List<SigningKey> three = IntStream.range(0, 3).mapToObj(this::key).toList();
  private final List<SigningKey> one = three.subList(0, 1);
  private final byte[] body = new byte[BODY];
  private final byte[] start = (ID + ".1795348800.").getBytes(StandardCharsets.US_ASCII);
  private final Mac mac = mac();

  /** The work that no signer can leave out. */
  @Benchmark
  public byte[] bareMac() {
    mac.update(start);
    return mac.doFinal(body);
  }

  /** As most deliveries are signed. */
  @Benchmark
  public List<Header> oneKey() {
    return scheme.sign(one, Message.post(ID, NOON, "https://hooks.example.com/in", body));
  }

  /** As they are while rotations overlap. */
  @Benchmark
  public List<Header> threeKeys() {
    return scheme.sign(three, Message.post(ID, NOON, "https://hooks.example.com/in", body));
  }

  /** Prints the figures and how often the bare Mac fits into them. */
  public static void main(String[] args) throws RunnerException {
    var options = new OptionsBuilder().include(SigningBenchmark.class.getName()).build();
    Collection<RunResult> results = new Runner(options).run();
    double bare = score(results, "bareMac");
    System.out.printf(
        "machine: %d cores, %s, JDK %s%n",
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.arch"),
        Runtime.version());
    System.out.printf("bare Mac, 1 KiB              %6.2f us%n", bare);
    print("signed with one key, 1 KiB", score(results, "oneKey"), bare);
    print("signed with three keys, 1 KiB", score(results, "threeKeys"), bare);
  }

  private static void print(String what, double micros, double bare) {
    System.out.printf("%-29s%6.2f us, %.1f times the bare Mac%n", what, micros, micros / bare);
  }

  private static double score(Collection<RunResult> results, String name) {
    return results.stream()
        .map(RunResult::getPrimaryResult)
        .filter(result -> result.getLabel().equals(name))
        .findFirst()
        .orElseThrow()
        .getScore();
  }

  private static Scheme scheme() {
    return switch (BuiltInSchemes.load().find("standard-webhooks")) {
      case SchemeReading.Compiled(Scheme scheme) -> scheme;
      case SchemeReading.Refused refused -> throw new IllegalStateException(refused.toString());
    };
  }

  private SigningKey key(int number) {
    byte[] raw = new byte[32];
    raw[0] = (byte) number;
    String secret = "whsec_" + Base64.getEncoder().encodeToString(raw);
    return switch (scheme.key(secret.getBytes(StandardCharsets.US_ASCII))) {
      case KeyReading.Usable(SigningKey key) -> key;
      case KeyReading.Unusable unusable -> throw new IllegalStateException(unusable.toString());
    };
  }

  private static Mac mac() {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(new byte[32], "HmacSHA256"));
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
