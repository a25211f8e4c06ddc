package dev.posthorn.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.e2e.fixture.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Every block that is marked {@code kubectl} does what the page says. */
class DocumentsIT {
  private static final Pattern BLOCK =
      Pattern.compile("(?m)^```kubectl\\n(.*?)^```$", Pattern.DOTALL);
  private static final int MINUTES = 3;

  @Test
  void installingAndAFirstEndpointGoAsTheirPagesSay() throws Exception {
    try (Installed cluster = Installed.empty()) {
      for (String page : List.of("docs/install.md", "docs/first-endpoint.md")) {
        Matcher block = BLOCK.matcher(Files.readString(Program.root().resolve(page)));
        int blocks = 0;
        while (block.find()) {
          run(cluster, page, block.group(1));
          blocks++;
        }
        assertThat(blocks).as(page).isGreaterThan(1);
      }
      assertThat(cluster.kubectl("get", "whe", "orders", "-n", "shop").succeeded())
          .contains("True");
    }
  }

  private static void run(Installed cluster, String page, String block)
      throws IOException, InterruptedException {
    var output = Files.createTempFile("block", ".out");
    var builder =
        new ProcessBuilder("sh", "-e", "-c", block)
            .directory(Program.root().toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    cluster.plane().enter(builder.environment());
    Process process = builder.start();
    boolean ended = process.waitFor(MINUTES, TimeUnit.MINUTES);
    process.destroyForcibly();
    assertThat(ended && process.waitFor() == 0)
        .as("%s:%n%s%n%s%n%s", page, block, Files.readString(output), cluster.kubelet().logs())
        .isTrue();
  }
}
