package dev.posthorn.cli.manifest;

import dev.posthorn.core.resolve.ManifestFile;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * The YAML files below a directory: {@code **}{@code /*.yaml} and {@code .yml}. Symbolic links are
 * followed; names that begin with a dot are not looked at: editors' temporary files, {@code .git},
 * and the {@code ..data} of a mounted ConfigMap, whose files are linked from beside it.
 */
public final class ManifestTree {
  private static final long LONGEST_FILE = 4L << 20;

  private final Path root;

  /** The tree below {@code root}; nothing is read yet. */
  public ManifestTree(Path root) {
    this.root = root;
  }

  /** What the tree looks like now, without reading contents; and the directories to watch. */
  Shape shape() throws IOException {
    var stamps = new TreeMap<String, Stamp>();
    var directories = new ArrayList<Path>();
    walk(stamps, directories);
    return new Shape(stamps, directories);
  }

  /**
   * All files in the order of their paths. Throws {@link IOException} with a message for people
   * when a file cannot be read, is not UTF-8 or longer than 4 MiB.
   */
  public List<ManifestFile> read() throws IOException {
    var files = new ArrayList<ManifestFile>();
    for (String path : shape().stamps().keySet()) {
      files.add(new ManifestFile(path, text(path)));
    }
    files.sort(Comparator.comparing(ManifestFile::path));
    return List.copyOf(files);
  }

  private String text(String path) throws IOException {
    Path file = root.resolve(path);
    try {
      if (Files.size(file) > LONGEST_FILE) {
        throw new IOException(path + ": longer than 4 MiB; split it");
      }
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (CharacterCodingException e) {
      throw new IOException(path + ": not UTF-8; save it as UTF-8", e);
    }
  }

  private void walk(Map<String, Stamp> stamps, List<Path> directories) throws IOException {
    Files.walkFileTree(
        root,
        EnumSet.of(FileVisitOption.FOLLOW_LINKS),
        Integer.MAX_VALUE,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            if (!directory.equals(root) && hidden(directory)) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            directories.add(directory);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (yaml(file) && !hidden(file) && attributes.isRegularFile()) {
              stamps.put(relative(file), Stamp.of(file, attributes));
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            return failed(file, e);
          }
        });
  }

  /**
   * A link to a directory above would go on for ever; a file that just went is simply not there.
   */
  private FileVisitResult failed(Path file, IOException e) throws IOException {
    boolean gone = e instanceof NoSuchFileException && !file.equals(root);
    if (gone || e instanceof FileSystemLoopException || hidden(file)) {
      return FileVisitResult.CONTINUE;
    }
    throw e;
  }

  private String relative(Path file) {
    return root.relativize(file).toString().replace('\\', '/');
  }

  private static boolean hidden(Path file) {
    Path name = file.getFileName();
    return name != null && name.toString().startsWith(".");
  }

  private static boolean yaml(Path file) {
    String name = file.toString();
    return name.endsWith(".yaml") || name.endsWith(".yml");
  }

  /**
   * What a change shows in.
   *
   * @param stamps of every YAML file, by relative path
   * @param directories to watch
   */
  record Shape(Map<String, Stamp> stamps, List<Path> directories) {}

  /**
   * Changes whenever a file is written or replaced.
   *
   * @param size in bytes
   * @param modified in nanoseconds or as exactly as the file system knows
   * @param identity inode and change time where there are such
   */
  record Stamp(long size, long modified, String identity) {
    static Stamp of(Path file, BasicFileAttributes attributes) throws IOException {
      return new Stamp(
          attributes.size(),
          attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS),
          attributes.fileKey() + "@" + changeTime(file));
    }

    private static String changeTime(Path file) throws IOException {
      try {
        return Files.getAttribute(file, "unix:ctime").toString();
      } catch (UnsupportedOperationException | IllegalArgumentException e) {
        return "";
      }
    }
  }
}
