package dev.posthorn.e2e.cluster;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.SecurityContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The file system of a Pod: a mount namespace of its own, in which volumes lie where the Pod wants
 * them. Nothing is left on the machine: what has no place there is put over a file system in
 * memory. A read-only root is really read-only, and a numeric user is really that user, where tests
 * run as root.
 */
final class Sandbox {
  private static final String TEMPORARY = "/tmp";
  private static final Set<String> OVER_MEMORY = Set.of("run", "srv", "mnt");

  private final Pod pod;
  private final Container container;
  private final Map<String, Path> writable;
  private final Map<String, Path> readable;

  /**
   * Describes one.
   *
   * @param writable directory in the Pod -> directory of the machine
   * @param readable the same, read only
   */
  Sandbox(Pod pod, Container container, Map<String, Path> writable, Map<String, Path> readable) {
    this.pod = pod;
    this.container = container;
    this.writable = new TreeMap<>(writable);
    this.readable = new TreeMap<>(readable);
  }

  /** The command line that runs {@code command} inside. */
  List<String> around(List<String> command) throws IOException {
    boolean root = isRoot();
    var line = new ArrayList<>(List.of("unshare", root ? "-m" : "-rm", "--propagation", "private"));
    line.addAll(List.of("sh", "-e", "-c", script(root) + "exec \"$@\"", "sh"));
    line.addAll(command);
    return line;
  }

  static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  /** Volumes over /tmp come last: what else is mounted may come from there. */
  private String script(boolean root) {
    var script = new StringBuilder();
    for (String top : tops()) {
      script.append("mount -t tmpfs -o mode=755 tmpfs ").append(top).append('\n');
    }
    readable.forEach((target, source) -> mount(script, target, source));
    writable.forEach((target, source) -> {
      if (!target.equals(TEMPORARY)) {
        mount(script, target, source);
      }
    });
    readable
        .keySet()
        .forEach(target -> script.append("mount -o remount,bind,ro ").append(target).append('\n'));
    Path temporary = writable.get(TEMPORARY);
    if (temporary != null) {
      mount(script, TEMPORARY, temporary);
    }
    if (readOnlyRoot()) {
      script.append("mount -o remount,bind,ro /\n");
    }
    user()
        .ifPresent(user -> {
          if (root) {
            script
                .append("set -- setpriv --reuid=")
                .append(user)
                .append(" --regid=")
                .append(user)
                .append(" --clear-groups --no-new-privs --bounding-set=-all \"$@\"\n");
          }
        });
    return script.toString();
  }

  private static void mount(StringBuilder script, String target, Path source) {
    script.append("mkdir -p ").append(target).append('\n');
    script.append("mount --bind ").append(source).append(' ').append(target).append('\n');
  }

  /** The directories below which mount points are made, in memory. */
  private Set<String> tops() {
    var tops = new TreeSet<String>();
    var targets = new TreeSet<>(writable.keySet());
    targets.addAll(readable.keySet());
    for (String target : targets) {
      String[] parts = target.substring(1).split("/", -1);
      if (OVER_MEMORY.contains(parts[0])) {
        tops.add("/" + parts[0]);
      } else if (parts.length > 1) {
        tops.add("/" + parts[0] + "/" + parts[1]);
      }
    }
    return tops;
  }

  private boolean readOnlyRoot() {
    SecurityContext context = container.getSecurityContext();
    return context != null && Boolean.TRUE.equals(context.getReadOnlyRootFilesystem());
  }

  private Optional<Long> user() {
    SecurityContext context = container.getSecurityContext();
    Long own = context == null ? null : context.getRunAsUser();
    Long common =
        pod.getSpec().getSecurityContext() == null
            ? null
            : pod.getSpec().getSecurityContext().getRunAsUser();
    return Optional.ofNullable(own == null ? common : own);
  }
}
