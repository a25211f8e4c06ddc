package dev.posthorn.cli.data;

import dev.posthorn.cli.terminal.Refusal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The directory of {@code --data}, owned by one process at a time: the lock is held from {@link
 * #open} to {@link #close} and ends with the process, however that ends.
 */
public final class DataDirectory implements AutoCloseable {
  private final Path path;
  private final FileChannel lockFile;

  private DataDirectory(Path path, FileChannel lockFile) {
    this.path = path;
    this.lockFile = lockFile;
  }

  /**
   * Makes {@code path} when it is missing (mode 0700) and locks it. Refuses, naming the cure, what
   * is no directory, cannot be written, or belongs to another process.
   */
  public static DataDirectory open(Path path) {
    try {
      if (Files.exists(path) && !Files.isDirectory(path)) {
        throw Refusal.cannotStart(
            "--data " + path + " is not a directory; name one, or a new name");
      }
      if (!Files.exists(path)) {
        DurableFile.createDirectory(path);
      }
      return new DataDirectory(path, lock(path));
    } catch (IOException e) {
      throw Refusal.cannotStart(
          "--data "
              + path
              + " cannot be written ("
              + reason(e)
              + "); make it writable for this user, or name another directory with --data");
    }
  }

  private static FileChannel lock(Path directory) throws IOException {
    Path file = directory.resolve("lock");
    var channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
            DurableFile.mode("rw-------"));
    if (tryLock(channel) == null) {
      String owner = owner(file);
      channel.close();
      throw Refusal.cannotStart(
          "--data "
              + directory
              + " is in use by another posthorn"
              + owner
              + "; stop that one, or give this one its own --data");
    }
    channel.truncate(0);
    channel.write(ByteBuffer.wrap(pid().getBytes(StandardCharsets.US_ASCII)));
    return channel;
  }

  /** Null when another process, or this one, holds it. */
  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  private static String owner(Path file) {
    try {
      String pid = Files.readString(file).strip();
      return pid.matches("[0-9]{1,10}") ? " (process " + pid + ")" : "";
    } catch (IOException e) {
      return "";
    }
  }

  private static String pid() {
    return Long.toString(ProcessHandle.current().pid());
  }

  private static String reason(IOException e) {
    return e.getClass().getSimpleName().replace("Exception", "") + ": " + e.getMessage();
  }

  /** Where it is, as it was given. */
  public Path path() {
    return path;
  }

  /**
   * Replaces the file {@code name} in it: mode 0600, as a whole, on disk when this returns.
   *
   * @throws IOException when it could not; the former content stands then
   */
  public void write(String name, byte[] content) throws IOException {
    DurableFile.replace(path.resolve(name), content);
  }

  /**
   * The name of this installation in consumer groups: made once from {@code random}, then the same
   * in every life, so that a process finds what its former life had not acknowledged.
   */
  public String consumer(RandomGenerator random) throws IOException {
    Path file = path.resolve("consumer");
    if (Files.notExists(file)) {
      String name = "posthorn-" + HexFormat.of().toHexDigits(random.nextInt());
      write("consumer", name.getBytes(StandardCharsets.US_ASCII));
    }
    return Files.readString(file, StandardCharsets.US_ASCII).strip();
  }

  /** Gives the directory to the next process. */
  @Override
  public void close() throws IOException {
    lockFile.close();
  }
}
