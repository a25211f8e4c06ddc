package dev.posthorn.dispatcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/**
 * This process's name in consumer groups of streams. It is kept with the data, since its next life
 * takes up under the same name what this one did not acknowledge.
 */
final class ConsumerName {
  private static final String FILE = "consumer";

  private ConsumerName() {}

  /** Reads the name, or makes one on the first start. */
  static String in(Path data, RandomGenerator random) throws IOException {
    Files.createDirectories(data);
    Path file = data.resolve(FILE);
    if (Files.exists(file)) {
      return Files.readString(file).strip();
    }
    var bytes = new byte[4];
    random.nextBytes(bytes);
    String name = "posthorn-" + HexFormat.of().formatHex(bytes);
    Files.writeString(file, name);
    return name;
  }
}
