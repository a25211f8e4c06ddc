package dev.posthorn.cli.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The namespace that Kubernetes tells a Pod. */
public final class PodNamespace {
  /** Where every Pod with a ServiceAccount token finds it. */
  public static final Path FILE =
      Path.of("/var/run/secrets/kubernetes.io/serviceaccount/namespace");

  private PodNamespace() {}

  /** What {@code file} says; empty where it is not there, so outside a cluster. */
  public static Optional<String> in(Path file) {
    try {
      String text = Files.readString(file, StandardCharsets.UTF_8).strip();
      return text.isEmpty() ? Optional.empty() : Optional.of(text);
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
