package dev.posthorn.e2e.cluster;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What stands for a container image: a command, and directories of the machine that it finds under
 * other names.
 *
 * @param command its entry point; a container's arguments follow
 * @param mounts directory in the Pod -> directory of the machine, to be read only
 */
public record Image(List<String> command, Map<String, Path> mounts) {
  /** Copies list and map. */
  public Image {
    command = List.copyOf(command);
    mounts = Map.copyOf(mounts);
  }
}
