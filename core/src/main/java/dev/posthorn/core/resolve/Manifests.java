package dev.posthorn.core.resolve;

import java.util.List;

/**
 * What reading a directory gave.
 *
 * @param resources all objects that an API server would have accepted
 * @param findings what it would have refused, in the order of the files
 */
public record Manifests(Resources resources, List<Finding> findings) {
  /** Copies the list. */
  public Manifests {
    findings = List.copyOf(findings);
  }

  /** Whether the directory may come into effect; otherwise all of it stays as it was. */
  public boolean usable() {
    return findings.stream().noneMatch(Finding::isError);
  }
}
