package dev.posthorn.cli.run;

import dev.posthorn.cli.data.DataDirectory;
import dev.posthorn.cli.terminal.Refusal;
import dev.posthorn.core.config.ConfigJson;
import dev.posthorn.core.config.Configuration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** The configuration that was last in effect, kept over restarts. */
final class LastGood {
  private static final String NAME = "last-good.json";

  private final DataDirectory data;

  LastGood(DataDirectory data) {
    this.data = data;
  }

  /** Empty before the first good one. Refuses a damaged file: it may be the only copy. */
  Optional<Configuration> read() throws IOException {
    Path file = data.path().resolve(NAME);
    byte[] json;
    try {
      json = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    try {
      Optional<Configuration> configuration = ConfigJson.read(json, Configuration.class);
      if (configuration.isEmpty()) {
        throw Refusal.cannotStart(
            file + " is damaged; delete it to start from the manifests alone");
      }
      return configuration;
    } finally {
      Arrays.fill(json, (byte) 0);
    }
  }

  void write(Configuration configuration) throws IOException {
    byte[] json = ConfigJson.write(configuration);
    try {
      data.write(NAME, json);
    } finally {
      Arrays.fill(json, (byte) 0);
    }
  }
}
