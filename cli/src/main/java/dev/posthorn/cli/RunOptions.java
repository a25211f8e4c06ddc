package dev.posthorn.cli;

import dev.posthorn.cli.terminal.LogFormat;
import dev.posthorn.cli.terminal.Refusal;
import dev.posthorn.core.resolve.ResolveOptions;
import dev.posthorn.dispatcher.http.Listen;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of {@code run}. Each has a variable too, see {@link Environment}. */
final class RunOptions {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "posthorn-data",
      description = "Store, keyrings and token; for one process. Default: ./${DEFAULT-VALUE}.")
  Path data;

  @Mixin StoreArguments store;

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:8080",
      description = "The API. Default: ${DEFAULT-VALUE}.")
  Listen listen;

  @Option(
      names = "--management",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:9090",
      description = "/livez, /readyz and /metrics. Default: ${DEFAULT-VALUE}.")
  Listen management;

  @Mixin EgressOptions egress;

  @Option(
      names = "--max-concurrency",
      paramLabel = "N",
      description = "At most N requests in flight. Default: the Dispatcher resource's, else 512.")
  @Nullable Integer maxConcurrency;

  @Option(
      names = "--tokens",
      paramLabel = "FILE",
      description =
          "YAML: who may call the API. Default: one random token that may do everything, kept in"
              + " admin-token of --data.")
  @Nullable Path tokens;

  @Option(
      names = "--log-format",
      paramLabel = "text|json",
      defaultValue = "text",
      description = "Of the log on standard error. Default: ${DEFAULT-VALUE}.")
  LogFormat logFormat;

  /** Refuses values that no type refuses. */
  void check() {
    if (maxConcurrency != null && (maxConcurrency < 1 || maxConcurrency > 100_000)) {
      throw Refusal.cannotStart(
          "--max-concurrency " + maxConcurrency + " is out of range: 1 to 100000");
    }
  }

  /** What overrides the Dispatcher resource. */
  ResolveOptions resolve() {
    return new ResolveOptions(egress.allowHttp, egress.allowCidrs, maxConcurrency, false, false);
  }
}
