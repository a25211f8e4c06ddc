package dev.posthorn.cli;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.posthorn.cli.client.PublishAnswer;
import dev.posthorn.cli.client.PublishRequest;
import dev.posthorn.cli.client.Publisher;
import dev.posthorn.cli.terminal.Input;
import dev.posthorn.cli.terminal.Pause;
import dev.posthorn.cli.terminal.Refusal;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code posthorn publish}: hands events to a running Posthorn. */
@Command(
    name = "publish",
    description = "Publishes an event to a running Posthorn and prints its id.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    versionProvider = Version.class,
    footer = {
      "",
      "Examples:",
      "  posthorn publish --tenant acme --type order.paid --data '{\"order_id\": 42}'",
      "  posthorn publish --tenant acme --type order.paid --data @order.json --id order-42",
      "  posthorn publish --tenant acme --type load.test --data @- --repeat 1000 --rate 50 < event.json"
    })
final class PublishCommand implements Callable<Integer> {
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

  @Spec private CommandSpec spec;

  @Option(names = "--tenant", required = true, paramLabel = "NAME", description = "Whose event.")
  private String tenant;

  @Option(
      names = "--type",
      required = true,
      paramLabel = "TYPE",
      description = "Event type, such as order.paid.")
  private String type;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "@FILE|@-|JSON",
      description = "The payload: JSON, a file that holds it, or standard input.")
  private String data;

  @Option(
      names = "--id",
      paramLabel = "ID",
      description = "Your own id: publishing it again changes nothing.")
  private @Nullable String id;

  @Option(names = "--source", paramLabel = "URI", description = "Where the event came from.")
  private @Nullable String source;

  @Option(names = "--subject", paramLabel = "TEXT", description = "What the event is about.")
  private @Nullable String subject;

  @Option(
      names = "--repeat",
      paramLabel = "N",
      defaultValue = "1",
      description = "Publish N times; with --id the copies are ID-1, ID-2, ... Default: 1.")
  private int repeat;

  @Option(
      names = "--rate",
      paramLabel = "R",
      description = "At most R events a second. Default: as fast as it is answered.")
  private @Nullable Double rate;

  @Mixin private ServerOptions server;

  @Override
  public Integer call() throws InterruptedException {
    check();
    server.server();
    var event = new PublishRequest(tenant, type, json(), id, source, subject);
    Clock clock = Clock.systemUTC();
    try (var publisher = new Publisher(server.server(), server.token(), clock)) {
      var series = new PublishSeries(publisher::publish, clock, Pause.real());
      return repeat == 1 ? once(publisher.publish(event)) : many(series, event);
    }
  }

  private void check() {
    if (repeat < 1) {
      throw Refusal.cannotStart("--repeat " + repeat + " is not a number of events: 1 or more");
    }
    if (rate != null && !(rate > 0 && rate <= 100_000)) {
      throw Refusal.cannotStart("--rate " + rate + " is not a rate: above 0, at most 100000");
    }
  }

  private String json() {
    byte[] bytes = Input.bytes("--data", data, System.in);
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      if (JSON.readTree(text).isMissingNode()) {
        throw Refusal.cannotStart("--data is empty; write {} for an event without data");
      }
      return text;
    } catch (JsonProcessingException e) {
      throw Refusal.cannotStart(
          "--data is not JSON: "
              + e.getOriginalMessage().replaceAll(" *\\(?(start marker )?(at )?\\[Source: .*", "")
              + " (line "
              + e.getLocation().getLineNr()
              + ", column "
              + e.getLocation().getColumnNr()
              + "); a file is named with @, a text needs double quotes");
    } catch (CharacterCodingException e) {
      throw Refusal.cannotStart("--data is not UTF-8; JSON must be");
    }
  }

  private int once(PublishAnswer answer) {
    return switch (answer) {
      case PublishAnswer.Accepted accepted -> {
        out().println(accepted.id() + (accepted.duplicate() ? " duplicate" : ""));
        out().flush();
        yield 0;
      }
      case PublishAnswer.Refused refused -> throw Refusal.no(refused.message());
      case PublishAnswer.Busy busy -> throw Refusal.no(busy.message());
      case PublishAnswer.Unreachable unreachable -> throw Refusal.no(unreachable.message());
    };
  }

  private int many(PublishSeries series, PublishRequest event) throws InterruptedException {
    PublishSeries.Outcome outcome = series.publish(event, repeat, rate);
    out().println(outcome.line());
    out().flush();
    if (outcome.stoppedBy() != null) {
      throw Refusal.no(outcome.stoppedBy());
    }
    return 0;
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
