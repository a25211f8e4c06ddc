package dev.posthorn.cli.manifest;

import java.nio.charset.StandardCharsets;

/**
 * One YAML file of a tree. It may hold Secrets: {@code toString} shows no content.
 *
 * @param path relative to the tree, with forward slashes
 * @param text its content
 */
public record ManifestFile(String path, String text) {
  @Override
  public String toString() {
    return path + " (" + text.getBytes(StandardCharsets.UTF_8).length + " bytes)";
  }
}
