package dev.posthorn.core.egress;

import dev.posthorn.core.egress.Verdict.Denied;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Which names may be looked up. Names come in lower case without a trailing dot. */
final class NameRules {
  /**
   * Suffixes that never name a public receiver: RFC 6761, 6762, 7686, 8375, 9476 and the ICANN
   * reservation of .internal, and what clusters and home networks use.
   */
  static final List<String> LOCAL_SUFFIXES =
      List.of(
          "localhost",
          "localdomain",
          "local",
          "internal",
          "intranet",
          "private",
          "corp",
          "home",
          "lan",
          "svc",
          "arpa",
          "onion",
          "alt",
          "test",
          "invalid");

  private static final Set<String> METADATA =
      Set.of(
          "metadata.google.internal",
          "metadata.goog",
          "metadata.azure.internal",
          "instance-data",
          "instance-data.ec2.internal",
          "metadata.tencentyun.com");

  private static final Pattern LABEL = Pattern.compile("[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?");
  private static final Pattern NUMBER = Pattern.compile("[0-9]+|0x[0-9a-f]*");

  private NameRules() {}

  /** The denial of a name, without its port; empty = it may be looked up. */
  static Optional<Denied> judge(String name, String clusterDomain) {
    if (METADATA.contains(name)) {
      return denied(EgressRule.METADATA_NAME, "the name of a cloud's metadata service");
    }
    var labels = name.split("\\.", -1);
    var last = labels[labels.length - 1];
    if (NUMBER.matcher(last).matches()) {
      return denied(EgressRule.ENDS_IN_NUMBER, "the host ends in a number but is no plain address");
    }
    if (name.length() > 253
        || !List.of(labels).stream().allMatch(l -> LABEL.matcher(l).matches())) {
      return denied(
          EgressRule.HOST_SYNTAX, "the host is no DNS name; use letters, digits, - and dots");
    }
    return judgeSuffix(name, labels.length, clusterDomain);
  }

  static String withoutBrackets(String host) {
    return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
  }

  private static Optional<Denied> judgeSuffix(String name, int labels, String clusterDomain) {
    for (var suffix : LOCAL_SUFFIXES) {
      if (within(name, suffix)) {
        return denied(
            EgressRule.LOCAL_NAME,
            "names under %s are not public; egress.allowHosts can open one".formatted(suffix));
      }
    }
    if (within(name, clusterDomain)) {
      return denied(EgressRule.LOCAL_NAME, "a name of the cluster; egress.allowHosts can open one");
    }
    return labels == 1
        ? denied(EgressRule.SINGLE_LABEL, "a name without a dot; write the whole name")
        : Optional.empty();
  }

  private static boolean within(String name, String suffix) {
    return name.equals(suffix)
        || (name.endsWith(suffix) && name.charAt(name.length() - suffix.length() - 1) == '.');
  }

  private static Optional<Denied> denied(EgressRule rule, String sentence) {
    return Optional.of(new Denied(rule, sentence));
  }
}
