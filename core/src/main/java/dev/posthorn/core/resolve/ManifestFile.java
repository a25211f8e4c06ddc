package dev.posthorn.core.resolve;

/**
 * A file of manifests, read already; {@code toString} shows its path only, since it may hold
 * Secrets.
 *
 * @param path as people know it: findings begin with it
 * @param text the whole content, YAML or JSON
 */
public record ManifestFile(String path, String text) {
  @Override
  public String toString() {
    return path;
  }
}
