package dev.posthorn.core.signing;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.List;
import javax.crypto.Mac;

/**
 * HMAC by cloning one initialised {@link Mac}: no provider look-up and no key schedule per
 * signature. The prototype stays as it is, so any thread may clone it.
 */
final class HmacSigner implements Signer {
  private static final byte[] NOTHING = {};

  private final Mac prototype;

  private HmacSigner(Mac prototype) {
    this.prototype = prototype;
  }

  /** The caller wipes {@code key} afterwards: the JDK keeps only the padded form. */
  static HmacSigner of(String algorithm, byte[] key) throws GeneralSecurityException {
    var mac = Mac.getInstance(algorithm);
    mac.init(new PassingKey(algorithm, key));
    mac.update(NOTHING); // hashes the inner pad now, once, instead of in every clone
    return new HmacSigner(mac);
  }

  @Override
  public boolean signs() {
    return true;
  }

  @Override
  public byte[] sign(byte[][] content) {
    Mac mac = fresh();
    for (byte[] part : content) {
      mac.update(part);
    }
    return mac.doFinal();
  }

  @Override
  public boolean verifies(byte[][] content, List<byte[]> signatures) {
    byte[] expected = sign(content);
    boolean found = false;
    for (byte[] signature : signatures) {
      found |= MessageDigest.isEqual(expected, signature);
    }
    return found;
  }

  private Mac fresh() {
    try {
      return (Mac) prototype.clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the JDK's " + prototype.getAlgorithm() + " must clone", e);
    }
  }
}
