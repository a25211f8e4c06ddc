package dev.posthorn.e2e.disk;

import dev.posthorn.e2e.fixture.Ended;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A file system in memory of a few MiB. Mounted for everybody where this user may mount; otherwise
 * only for the program, in a user namespace of its own, and seen from here through {@code /proc}.
 */
final class SmallDisk implements AutoCloseable {
  private final Path where;
  private final int mebibytes;
  private final boolean mounted;

  private SmallDisk(Path parent, int mebibytes) throws IOException, InterruptedException {
    this.where = Files.createDirectories(parent.resolve("small"));
    this.mebibytes = mebibytes;
    this.mounted = Ended.of(parent, mount()).exitCode() == 0;
    if (!mounted && Ended.of(parent, List.of("unshare", "-rm", "true")).exitCode() != 0) {
      throw new IllegalStateException(
          "a full disk needs a small file system: run as root, or allow user namespaces"
              + " (sysctl kernel.unprivileged_userns_clone=1)");
    }
  }

  static SmallDisk of(Path parent, int mebibytes) throws IOException, InterruptedException {
    return new SmallDisk(parent, mebibytes);
  }

  private List<String> mount() {
    return List.of(
        "mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m", "tmpfs", where.toString());
  }

  /** As the program sees it. */
  Path path() {
    return where;
  }

  /** What must stand before the program's command line, so that it sees this disk. */
  List<String> prefix() {
    return mounted
        ? List.of()
        : List.of(
            "unshare", "-rm", "sh", "-c", String.join(" ", mount()) + " && exec \"$@\"", "sh");
  }

  /** The file that fills it, as this process sees it. */
  private Path ballast(long pid) {
    Path file = where.resolve("ballast");
    return mounted ? file : Path.of("/proc/" + pid + "/root" + file);
  }

  /** Leaves not a byte free; {@code pid} is the program's. */
  void fill(long pid) throws IOException {
    byte[] page = new byte[4096];
    try (OutputStream out = Files.newOutputStream(ballast(pid))) {
      while (true) {
        out.write(page);
      }
    } catch (IOException full) {
      if (!String.valueOf(full.getMessage()).contains("No space left")) {
        throw full;
      }
    }
  }

  /** Makes room again. */
  void free(long pid) throws IOException {
    Files.delete(ballast(pid));
  }

  @Override
  public void close() throws IOException {
    if (mounted && unmount() != 0) {
      throw new IllegalStateException(where + " is still mounted: umount it by hand");
    }
  }

  private int unmount() throws IOException {
    return new ProcessBuilder("umount", where.toString()).start().onExit().join().exitValue();
  }
}
