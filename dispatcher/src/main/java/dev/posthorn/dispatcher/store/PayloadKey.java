package dev.posthorn.dispatcher.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Set;
import java.util.function.BooleanSupplier;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * The file with the key that wraps every tenant's data key: 32 random bytes in base64, readable by
 * its owner alone. Whoever loses it loses all payloads in the database that belongs to it.
 */
public final class PayloadKey {
  /** Its name in the data directory. */
  static final String FILE = "payload.key";

  private static final int BYTES = 32;

  private PayloadKey() {}

  /**
   * Reads the key of a data directory, or makes it where there is neither key nor database.
   *
   * @param inUse whether there are rows that only the old key can open; asked where it is missing
   * @throws IllegalArgumentException if the file is missing or is not a key
   */
  public static SecretKey in(Path directory, BooleanSupplier inUse, SecureRandom random) {
    Path file = directory.resolve(FILE);
    try {
      if (!Files.exists(file)) {
        if (inUse.getAsBoolean()) {
          throw new IllegalArgumentException(
              file
                  + " is missing, and the database is encrypted with it: restore the key from a"
                  + " backup, or start with an empty database and data directory");
        }
        create(file, random);
      }
      return read(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read or create " + file + ": " + e.getMessage(), e);
    }
  }

  /**
   * Reads a key that somebody else made and keeps.
   *
   * @throws IllegalArgumentException if the file is missing or is not a key
   */
  public static SecretKey given(Path file) {
    try {
      return read(file);
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException(
          "the payload key "
              + file
              + " is missing: name the file that holds it; a new key is made with"
              + " 'head -c 32 /dev/urandom | base64'",
          e);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "the payload key " + file + " cannot be read (" + e.getMessage() + "): see 'ls -l'", e);
    }
  }

  private static SecretKey read(Path file) throws IOException {
    byte[] text = Files.readAllBytes(file);
    byte[] key = new byte[0];
    try {
      key = Base64.getMimeDecoder().decode(text);
      if (key.length != BYTES) {
        throw new IllegalArgumentException(key.length + " bytes");
      }
      return new SecretKeySpec(key, "AES");
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          file + " is not a key of 32 bytes in base64: restore it from a backup", e);
    } finally {
      Arrays.fill(text, (byte) 0);
      Arrays.fill(key, (byte) 0);
    }
  }

  /** Written beside, forced to disk, then linked: the name never stands for half a key. */
  private static void create(Path file, SecureRandom random) throws IOException {
    var key = new byte[BYTES];
    random.nextBytes(key);
    byte[] text = Base64.getEncoder().encode(key);
    Path draft = file.resolveSibling(FILE + ".new");
    Files.deleteIfExists(draft);
    try (FileChannel channel =
        FileChannel.open(
            draft,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      for (ByteBuffer left = ByteBuffer.wrap(text); left.hasRemaining(); ) {
        channel.write(left);
      }
      channel.force(true);
      Files.createLink(file, draft);
    } catch (FileAlreadyExistsException raced) {
      throw new IOException("another process is creating it; start again", raced);
    } finally {
      Arrays.fill(key, (byte) 0);
      Arrays.fill(text, (byte) 0);
      Files.deleteIfExists(draft);
    }
    force(file.resolveSibling("."));
  }

  private static void force(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
