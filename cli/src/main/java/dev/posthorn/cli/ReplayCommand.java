package dev.posthorn.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.posthorn.cli.client.ApiClient;
import dev.posthorn.cli.terminal.ExitCode;
import dev.posthorn.cli.terminal.Moment;
import dev.posthorn.cli.terminal.Pause;
import dev.posthorn.cli.terminal.Refusal;
import dev.posthorn.cli.terminal.Table;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code posthorn replay}: delivers many events to an endpoint again. */
@Command(
    name = "replay",
    description = "Delivers events to an endpoint again: those given up, or all that it missed.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    versionProvider = Version.class,
    footer = {
      "",
      "It goes on by itself, whether this command waits or not.",
      "",
      "Examples:",
      "  posthorn replay --tenant acme orders --select Failed --wait",
      "  posthorn replay --tenant acme archive --select Missing --from 2026-11-01T00:00:00Z"
    })
final class ReplayCommand implements Callable<Integer> {
  /** What must have become of an event at the endpoint, as the API spells it. */
  enum Select {
    DeadLetters,
    Failed,
    Missing,
    All
  }

  private static final Duration POLL = Duration.ofSeconds(1);

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "ENDPOINT", description = "The name of the endpoint.")
  private String endpoint;

  @Option(
      names = {"-n", "--tenant"},
      required = true,
      paramLabel = "NAME",
      description = "Whose endpoint.")
  private String tenant;

  @Option(
      names = "--select",
      required = true,
      paramLabel = "WHAT",
      description = "${COMPLETION-CANDIDATES}.")
  private Select select;

  @Option(
      names = "--type",
      paramLabel = "PATTERN",
      description = "Only these types: order.paid, order.* or *. May be repeated.")
  private List<String> types = List.of();

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description = "Only events accepted then or later. RFC 3339 or Unix seconds.")
  private @Nullable String from;

  @Option(
      names = "--to",
      paramLabel = "TIME",
      description = "Only events accepted before. Default: now.")
  private @Nullable String to;

  @Option(
      names = "--event",
      paramLabel = "ID",
      description = "Only these events, by the id that publishing printed. May be repeated.")
  private List<String> events = List.of();

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "Deliveries opened a second at most, 1 to 1000. Default: 100.")
  private @Nullable Integer rate;

  @Option(
      names = "--wait",
      description = "Return when it has looked at everything; exit code 1 if it was cancelled.")
  private boolean wait;

  @Mixin private ServerOptions server;

  private final Pause pause;

  ReplayCommand(Pause pause) {
    this.pause = pause;
  }

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    try (var client = new ApiClient(server.server(), server.token())) {
      JsonNode replay = done(client.post(wish(), "v1", "tenants", tenant, "replays"));
      String id = replay.path("id").asText();
      while (wait && replay.path("state").asText().equals("Running")) {
        pause.last(POLL);
        replay = done(client.get("v1", "tenants", tenant, "replays", id));
      }
      print(replay, out);
      boolean ended = replay.path("state").asText().equals("Done");
      return !wait || ended ? ExitCode.OK : ExitCode.NO;
    }
  }

  private Map<String, Object> wish() {
    var fields = new TreeMap<String, Object>(Map.of("endpoint", endpoint, "select", select.name()));
    if (!types.isEmpty()) {
      fields.put("types", types);
    }
    if (from != null) {
      fields.put("fromTime", Moment.parse("--from", from).toString());
    }
    if (to != null) {
      fields.put("toTime", Moment.parse("--to", to).toString());
    }
    if (!events.isEmpty()) {
      fields.put("eventIds", events);
    }
    if (rate != null) {
      fields.put("ratePerSecond", rate);
    }
    return fields;
  }

  private static JsonNode done(ApiClient.Answer answer) {
    return switch (answer) {
      case ApiClient.Answer.Done(JsonNode document) -> document;
      case ApiClient.Answer.Refused(String message) -> throw Refusal.no(message);
    };
  }

  private static void print(JsonNode replay, PrintWriter out) {
    out.println(replay.path("nextStep").asText());
    var table = new Table("REPLAY", "STATE", "SELECTED", "OPENED", "HASTENED", "SKIPPED");
    table.row(
        replay.path("id").asText(),
        replay.path("state").asText(),
        replay.path("selected").asText(),
        replay.path("opened").asText(),
        replay.path("hastened").asText(),
        replay.path("skipped").asText());
    out.print(table);
    out.flush();
  }
}
