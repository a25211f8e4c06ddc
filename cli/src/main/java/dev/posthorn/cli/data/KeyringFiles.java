package dev.posthorn.cli.data;

import dev.posthorn.cli.terminal.Refusal;
import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.keyring.Keyring;
import dev.posthorn.core.keyring.KeyringJson;
import dev.posthorn.core.keyring.KeyringReading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

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

  /**
   * The stored keyring of {@code signingSecret}, if it ever had one. Refuses a damaged file: new
   * keys in its place would break every receiver.
   */
  public Optional<Keyring> read(ResourceName signingSecret) throws IOException {
    Path file = file(signingSecret);
    byte[] json;
    try {
      json = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    try {
      return switch (KeyringJson.read(json)) {
        case KeyringReading.Intact(Keyring keyring) -> Optional.of(keyring);
        case KeyringReading.Damaged(var finding) ->
            throw Refusal.cannotStart(file + ": " + finding.message());
      };
    } finally {
      Arrays.fill(json, (byte) 0);
    }
  }

  /** All stored keyrings, also those whose SigningSecret is gone: it may come back. */
  public Map<ResourceName, Keyring> all() throws IOException {
    var all = new TreeMap<ResourceName, Keyring>();
    try (var files = Files.newDirectoryStream(directory, "*.json")) {
      for (Path file : files) {
        String[] name = file.getFileName().toString().split("\\.", 3);
        if (name.length == 3 && !name[0].isEmpty()) {
          var signingSecret = new ResourceName(name[0], name[1]);
          read(signingSecret).ifPresent(keyring -> all.put(signingSecret, keyring));
        }
      }
    }
    return all;
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

  /** Neither a namespace nor a name holds a dot, so two resources never share a file. */
  private Path file(ResourceName signingSecret) {
    return directory.resolve(signingSecret.namespace() + "." + signingSecret.name() + ".json");
  }
}
