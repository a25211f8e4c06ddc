package dev.posthorn.cli.data;

import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.keyring.Keyring;
import dev.posthorn.core.keyring.KeyringJson;
import dev.posthorn.core.keyring.KeyringReading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * Keyrings on disk, {@code keyrings/<namespace>.<name>.json}. A keyring is written before anything
 * signs with it, so that a crash never leaves a request signed with a key that is lost.
 */
public final class KeyringFiles {
  private final Path directory;

  private KeyringFiles(Path directory) {
    this.directory = directory;
  }

  /** The keyrings of {@code data}. */
  public static KeyringFiles in(DataDirectory data) throws IOException {
    Path directory = data.path().resolve("keyrings");
    if (!Files.isDirectory(directory)) {
      DurableFile.createDirectory(directory);
    }
    return new KeyringFiles(directory);
  }

  /** The stored keyring of {@code signingSecret}, or what is wrong with it; empty without one. */
  public Optional<KeyringReading> read(ResourceName signingSecret) throws IOException {
    byte[] json;
    try {
      json = Files.readAllBytes(file(signingSecret));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    try {
      return Optional.of(KeyringJson.read(json));
    } finally {
      Arrays.fill(json, (byte) 0);
    }
  }

  /** Returns when {@code keyring} would survive a power cut. */
  public void write(ResourceName signingSecret, Keyring keyring) throws IOException {
    byte[] json = KeyringJson.write(keyring);
    try {
      DurableFile.replace(file(signingSecret), json);
    } finally {
      Arrays.fill(json, (byte) 0);
    }
  }

  /** Where its keyring is, for messages. */
  public Path path(ResourceName signingSecret) {
    return file(signingSecret);
  }

  /** Neither a namespace nor a name holds a dot, so two resources never share a file. */
  private Path file(ResourceName signingSecret) {
    return directory.resolve(signingSecret.namespace() + "." + signingSecret.name() + ".json");
  }
}
