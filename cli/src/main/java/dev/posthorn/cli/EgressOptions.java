package dev.posthorn.cli;

import dev.posthorn.core.egress.AllowedCidr;
import java.util.List;
import picocli.CommandLine.Option;

/** What an installation opens besides the public https internet. */
final class EgressOptions {
  @Option(names = "--allow-http", description = "Endpoints may have http:// URLs.")
  boolean allowHttp;

  @Option(
      names = "--allow-cidr",
      paramLabel = "CIDR[:PORT]",
      split = ",",
      description =
          "Endpoints may be in this range, such as 10.0.0.0/8, 10.1.2.3/32:8080 or [::1/128]:8080;"
              + " may be repeated. Nothing private is reachable without it.")
  List<AllowedCidr> allowCidrs = List.of();
}
