package dev.posthorn.cli.demo;

import dev.posthorn.cli.run.RunListener;
import dev.posthorn.core.config.Configuration;
import dev.posthorn.core.config.KeysConfig;
import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.keyring.KeyVersion;
import dev.posthorn.core.resolve.Finding;
import java.util.List;
import java.util.Objects;

/** Tells in the demo's lines what becomes of its directory. */
final class DemoReport implements RunListener {
  private final Story story;

  DemoReport(Story story) {
    this.story = story;
  }

  @Override
  public void found(List<Finding> findings) {
    findings.forEach(finding -> story.note("manifests", "", "finding", finding.toString()));
  }

  @Override
  public void kept(String why) {
    story.note("manifests", "", "kept", why);
  }

  @Override
  public void applied(Configuration before, Configuration now) {
    for (ResourceName name : now.keys().keySet()) {
      KeysConfig former = before.keys().get(name);
      KeysConfig present = Objects.requireNonNull(now.keys().get(name));
      int versions = present.keyring().versions().size();
      if (former != null && former.keyring().versions().size() < versions) {
        newKey(name, present.keyring().versions().getLast());
      }
    }
    if (!before.endpoints().equals(now.endpoints())) {
      story.note("manifests", "", "live", now.endpoints().size() + " endpoints");
    }
  }

  private void newKey(ResourceName name, KeyVersion key) {
    story.note(
        name.toString(),
        "",
        "new key",
        key.keyId()
            + " is stored; it signs from "
            + key.times().notBefore()
            + ", beside the old one");
  }
}
