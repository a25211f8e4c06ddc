package dev.posthorn.cli;

import dev.posthorn.cli.run.RunListener;
import dev.posthorn.core.config.Configuration;
import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.resolve.Finding;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** Tells the person at the terminal what becomes of the directory, a line each. */
final class RunReport implements RunListener {
  private static final int MOST_NAMES = 5;

  private final PrintWriter out;
  private final PrintWriter err;

  RunReport(PrintWriter out, PrintWriter err) {
    this.out = out;
    this.err = err;
  }

  @Override
  public void found(List<Finding> findings) {
    findings.forEach(err::println);
    err.flush();
  }

  @Override
  public void kept(String why) {
    err.println(why);
    err.flush();
  }

  @Override
  public void applied(Configuration before, Configuration now) {
    var changed = new TreeSet<String>();
    changes("endpoint", before.endpoints(), now.endpoints(), changed);
    changes("keys", before.keys(), now.keys(), changed);
    changes("stream", before.streams(), now.streams(), changed);
    if (!before.settings().equals(now.settings())) {
      changed.add("settings");
    }
    out.println("live: " + Counts.of(now) + "; changed: " + shortened(changed));
    out.flush();
  }

  private static <V> void changes(
      String kind, Map<ResourceName, V> before, Map<ResourceName, V> now, Set<String> changed) {
    var names = new TreeSet<>(before.keySet());
    names.addAll(now.keySet());
    for (ResourceName name : names) {
      if (!Objects.equals(before.get(name), now.get(name))) {
        String what = before.containsKey(name) ? now.containsKey(name) ? "" : " (gone)" : " (new)";
        changed.add(kind + " " + name + what);
      }
    }
  }

  private static String shortened(Set<String> changed) {
    if (changed.isEmpty()) {
      return "nothing that endpoints see";
    }
    String names = String.join(", ", changed.stream().limit(MOST_NAMES).toList());
    int more = changed.size() - MOST_NAMES;
    return more > 0 ? names + " and " + more + " more" : names;
  }
}
