package dev.posthorn.e2e.erasure;

import dev.posthorn.dispatcher.store.PostgresProcess;
import dev.posthorn.e2e.fixture.Manifests;
import dev.posthorn.e2e.fixture.PosthornProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a process keeps what it has.
 *
 * @param data its own directory
 * @param options what it is started with
 * @param directories all in whose files something may be found: of a server those of its tables,
 *     its log and its write-ahead log
 */
record Kept(Path data, List<String> options, List<Path> directories) {
  /** In {@code directory}; in a new database of a server too where it is PostgreSQL. */
  static Kept in(Path directory, Store store) throws IOException {
    Path data = directory.resolve("data");
    return switch (store) {
      case SQLITE -> new Kept(data, List.of(), List.of(data));
      case POSTGRES -> {
        PostgresProcess server = PostgresProcess.durable();
        Path url =
            Files.writeString(directory.resolve("database.url"), server.url(server.create()));
        yield new Kept(data, List.of("--store", "@" + url), List.of(data, server.data()));
      }
    };
  }

  /** The stores there are. */
  enum Store {
    SQLITE,
    POSTGRES
  }

  PosthornProcess run(Manifests manifests) throws IOException {
    return PosthornProcess.run(manifests.directory(), data, options.toArray(String[]::new));
  }

  /** Files in which a text is found. */
  List<Path> filesWith(String text) throws IOException {
    var found = new ArrayList<Path>();
    for (Path directory : directories) {
      Files.walkFileTree(
          directory,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              if (contains(file, text)) {
                found.add(file);
              }
              return FileVisitResult.CONTINUE;
            }

            // A server deletes files while it is looked at.
            @Override
            public FileVisitResult visitFileFailed(Path file, IOException error)
                throws IOException {
              if (error instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
              }
              throw error;
            }
          });
    }
    return found;
  }

  private static boolean contains(Path file, String text) {
    if (file.getFileName().toString().contains("libsqlitejdbc")) {
      return false;
    }
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1).contains(text);
    } catch (NoSuchFileException gone) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
