package dev.posthorn.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.e2e.fixture.Http;
import dev.posthorn.e2e.fixture.Program;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a running operator measures is what docs/operations.md says. */
class OperatorMetricsIT {
  private static final Pattern FAMILY = Pattern.compile("(?m)^# TYPE (\\S+)");
  private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"");
  private static final Pattern VALUE = Pattern.compile("([a-z_]+)=\"([^\"]*)\"");
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z_]+)` \\| (.*) \\|$");
  private static String page;

  @BeforeAll
  static void measured() throws Exception {
    Installed cluster = Installed.get();
    String tenant = cluster.tenant("measured");
    cluster.apply(
        Manifest.signingSecret(tenant, "orders", "")
            + Manifest.endpoint(tenant, "orders", "https://hooks.acme.example/in", ""));
    cluster.awaitReady(tenant, "orders");
    URI management =
        URI.create("http://" + cluster.kubelet().address(cluster.operatorPod()) + ":9090");
    page = new Http(management, "").get("/metrics").body();
  }

  @Test
  void everyMetricIsOnThePageAndThere() throws IOException {
    Set<String> sometimes = documented(what -> what.endsWith("there once one has"));

    assertThat(families()).isSubsetOf(documented(what -> true));
    assertThat(families()).containsAll(documented(what -> !what.endsWith("there once one has")));
    assertThat(sometimes).hasSize(3);
  }

  @Test
  void noLabelGrows() {
    assertThat(LABEL.matcher(page).results().map(each -> each.group(1)).collect(Collectors.toSet()))
        .isSubsetOf(
            "action",
            "controller",
            "event",
            "exception",
            "group",
            "kind",
            "le",
            "resource_group",
            "resource_kind",
            "resource_scope",
            "resource_version",
            "route",
            "scope",
            "type",
            "version");
  }

  /** Buckets aside, which are set, and versions of the API. */
  @Test
  void noValueOfALabelCounts() {
    assertThat(VALUE.matcher(page).results())
        .filteredOn(each -> !each.group(1).equals("le"))
        .map(each -> each.group(2))
        .isNotEmpty()
        .noneMatch(value -> value.matches("[0-9.]+|[0-9a-f]{8}-[0-9a-f-]+|.*measured.*"));
  }

  /** Without the part of a name that says which reconciler, and without the largest value. */
  private static Set<String> families() {
    return FAMILY
        .matcher(page)
        .results()
        .map(each -> each.group(1))
        .map(name ->
            name.replaceAll(
                "_(dispatcher|endpoint|scheme|signingsecret|source|stream)reconciler$", ""))
        .filter(name -> !name.endsWith("_seconds_max"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> documented(Predicate<String> which) throws IOException {
    String text = Files.readString(Program.root().resolve("docs/operations.md"));
    String section = text.substring(text.indexOf("### Metrics of the operator"));
    String table = section.substring(0, section.indexOf("\n#", 1));
    return ROW.matcher(table)
        .results()
        .filter(row -> which.test(row.group(2)))
        .map(row -> row.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
