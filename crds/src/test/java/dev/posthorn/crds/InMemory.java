package dev.posthorn.crds;

import io.fabric8.crdv2.generator.CRDGenerator;
import java.io.ByteArrayOutputStream;

/** Keeps what Fabric8's generator writes. */
record InMemory(ByteArrayOutputStream bytes)
    implements CRDGenerator.CRDOutput<ByteArrayOutputStream> {
  @Override
  public ByteArrayOutputStream outputFor(String name) {
    return bytes;
  }

  @Override
  public void close() {
    // nothing was opened
  }
}
