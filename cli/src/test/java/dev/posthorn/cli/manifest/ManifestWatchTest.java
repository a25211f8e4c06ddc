package dev.posthorn.cli.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each look at the clock lets 40 ms pass; the files and the notifications are real. */
@Timeout(30)
final class ManifestWatchTest {
  @TempDir private Path root;
  private Instant now = Instant.parse("2026-11-22T10:00:00Z");
  private final InstantSource clock = () -> now = now.plusMillis(40);

  @Test
  void aNewFileInANewDirectoryIsAChange() throws Exception {
    try (var watch = watch()) {
      Files.createDirectories(root.resolve("acme"));
      Files.writeString(root.resolve("acme/a.yaml"), "a");

      assertThat(watch.awaitChange(inAnHour())).isTrue();
    }
  }

  @Test
  void eachChangeIsToldOnce() throws Exception {
    try (var watch = watch()) {
      Files.writeString(root.resolve("a.yaml"), "a");

      assertThat(watch.awaitChange(inAnHour())).isTrue();
      assertThat(watch.awaitChange(inHalfASecond())).isFalse();
    }
  }

  @Test
  void aFileReplacedByRenamingIsAChange() throws Exception {
    Files.writeString(root.resolve("a.yaml"), "a");
    try (var watch = watch()) {
      Files.writeString(root.resolve(".a.yaml.new"), "b");
      Files.move(
          root.resolve(".a.yaml.new"), root.resolve("a.yaml"), StandardCopyOption.ATOMIC_MOVE);

      assertThat(watch.awaitChange(inAnHour())).isTrue();
    }
  }

  @Test
  void aDeletedFileIsAChange() throws Exception {
    Files.writeString(root.resolve("a.yaml"), "a");
    try (var watch = watch()) {
      Files.delete(root.resolve("a.yaml"));

      assertThat(watch.awaitChange(inAnHour())).isTrue();
    }
  }

  @Test
  void whatIsNoManifestIsNoChange() throws Exception {
    try (var watch = watch()) {
      Files.writeString(root.resolve("notes.txt"), "a");
      Files.writeString(root.resolve(".a.yaml.swp"), "a");

      assertThat(watch.awaitChange(inHalfASecond())).isFalse();
    }
  }

  @Test
  void theDirectoryItselfGoingAwayIsAChange() throws Exception {
    Path inner = Files.createDirectory(root.resolve("manifests"));
    try (var watch = new ManifestWatch(new ManifestTree(inner), clock)) {
      Files.delete(inner);

      assertThat(watch.awaitChange(inAnHour())).isTrue();
    }
  }

  @Test
  void aDeadlineThatComesNearerIsSeen() throws Exception {
    try (var watch = watch()) {
      Instant far = now.plus(Duration.ofHours(1));
      var asked = new AtomicInteger();
      assertThat(watch.awaitChange(() -> asked.getAndIncrement() == 0 ? far : Instant.EPOCH))
          .isFalse();
    }
  }

  private ManifestWatch watch() throws IOException {
    return new ManifestWatch(new ManifestTree(root), clock);
  }

  private Supplier<@Nullable Instant> inAnHour() {
    return at(now.plus(Duration.ofHours(1)));
  }

  private Supplier<@Nullable Instant> inHalfASecond() {
    return at(now.plus(Duration.ofMillis(500)));
  }

  private static Supplier<@Nullable Instant> at(Instant deadline) {
    return () -> deadline;
  }
}
