package dev.posthorn.cli.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.posthorn.core.resolve.ManifestFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ManifestTreeTest {
  @TempDir private Path root;

  @Test
  void yamlFilesOfAllDirectoriesAreReadInTheOrderOfTheirPaths() throws IOException {
    write("b.yaml", "b");
    write("a/deep/x.yml", "x");
    write("a/notes.txt", "no");

    assertThat(tree().read())
        .containsExactly(new ManifestFile("a/deep/x.yml", "x"), new ManifestFile("b.yaml", "b"));
  }

  @Test
  void editorsFilesAndHiddenDirectoriesAreNotRead() throws IOException {
    write("a.yaml", "a");
    write(".a.yaml.swp", "no");
    write(".#a.yaml", "no");
    write("a.yaml~", "no");
    write("#a.yaml#", "no");
    write(".git/x.yaml", "no");

    assertThat(paths()).containsExactly("a.yaml");
  }

  @Test
  void aMountedConfigMapIsReadOnceThroughItsLinks() throws IOException {
    write("..2026_1/a.yaml", "one");
    Files.createSymbolicLink(root.resolve("..data"), Path.of("..2026_1"));
    Files.createSymbolicLink(root.resolve("a.yaml"), Path.of("..data/a.yaml"));

    assertThat(tree().read()).containsExactly(new ManifestFile("a.yaml", "one"));
  }

  @Test
  void swappingTheLinkOfAMountedConfigMapShows() throws IOException {
    write("..2026_1/a.yaml", "one");
    write("..2026_2/a.yaml", "two");
    var same = FileTime.fromMillis(1_000_000);
    Files.setLastModifiedTime(root.resolve("..2026_1/a.yaml"), same);
    Files.setLastModifiedTime(root.resolve("..2026_2/a.yaml"), same);
    Files.createSymbolicLink(root.resolve("..data"), Path.of("..2026_1"));
    Files.createSymbolicLink(root.resolve("a.yaml"), Path.of("..data/a.yaml"));
    var before = tree().shape().stamps();

    Files.createSymbolicLink(root.resolve("..data_tmp"), Path.of("..2026_2"));
    Files.move(root.resolve("..data_tmp"), root.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);

    assertThat(tree().shape().stamps()).isNotEqualTo(before);
  }

  @Test
  void aLinkToADirectoryAboveEnds() throws IOException {
    write("a.yaml", "a");
    Files.createSymbolicLink(root.resolve("loop"), root);

    assertThat(paths()).containsExactly("a.yaml");
  }

  @Test
  void aFileThatIsNotUtf8IsNamedWithItsCure() throws IOException {
    Files.write(root.resolve("latin.yaml"), "ü".getBytes(StandardCharsets.ISO_8859_1));

    assertThatThrownBy(() -> tree().read())
        .isInstanceOf(IOException.class)
        .hasMessage("latin.yaml: not UTF-8; save it as UTF-8");
  }

  private List<String> paths() throws IOException {
    return tree().read().stream().map(ManifestFile::path).toList();
  }

  private ManifestTree tree() {
    return new ManifestTree(root);
  }

  private void write(String path, String content) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }
}
