package dev.posthorn.cli.run;

import dev.posthorn.core.config.Configuration;
import dev.posthorn.core.resolve.Finding;
import java.util.List;

/** Is told what happens to the directory, on the thread that watches it. */
public interface RunListener {
  /** Findings that were not there after the former look; never empty. */
  void found(List<Finding> findings);

  /** What was read is not in effect; {@code why} is one line with the cure. */
  void kept(String why);

  /** {@code now} is in effect in place of {@code before}. */
  void applied(Configuration before, Configuration now);
}
