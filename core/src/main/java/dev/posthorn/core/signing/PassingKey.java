package dev.posthorn.core.signing;

import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import javax.crypto.SecretKey;

/**
 * Hands a key to {@code Mac.init} without the extra copy that {@code SecretKeySpec} would leave in
 * the heap: {@code Mac} wipes the one copy it is given.
 */
final class PassingKey implements SecretKey {
  private static final long serialVersionUID = 1L;
  private final String algorithm;
  private final transient byte[] bytes;

  PassingKey(String algorithm, byte[] bytes) {
    this.algorithm = algorithm;
    this.bytes = bytes;
  }

  @Override
  public String getAlgorithm() {
    return algorithm;
  }

  @Override
  public String getFormat() {
    return "RAW";
  }

  @Override
  public byte[] getEncoded() {
    return bytes.clone();
  }

  private void writeObject(ObjectOutputStream out) throws NotSerializableException {
    throw new NotSerializableException("a key is not written");
  }

  @Override
  public String toString() {
    return "PassingKey[redacted]";
  }
}
