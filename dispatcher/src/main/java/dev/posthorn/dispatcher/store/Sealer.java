package dev.posthorn.dispatcher.store;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * AES-256-GCM over what may not lie on disk in the clear. One thread at a time, since it keeps its
 * cipher.
 *
 * <p>A sealed value is a version byte, a nonce of 12 bytes, the ciphertext and a tag of 16. The
 * nonce is eight random bytes, drawn by each sealer, and a counter (NIST SP 800-38D, 8.2.1), so no
 * two values share one, whatever is rolled back or restored. What a value is for and whose row it
 * belongs to is authenticated with it: a value moved to another row does not open.
 */
final class Sealer {
  /** What a sealed value is. A letter here is on disk: it keeps its meaning. */
  enum Purpose {
    PAYLOAD('p'),
    ATTRIBUTES('a'),
    BODY('b'),
    ERROR('e'),
    EXCHANGE('x'),
    REJECTED('r'),
    DATA_KEY('k'),
    CHECK('c');

    private final byte letter;

    Purpose(char letter) {
      this.letter = (byte) letter;
    }
  }

  private static final byte VERSION = 1;
  private static final int NONCE = 12;
  private static final int TAG = 16;
  private static final int HEADER = 1 + NONCE;

  private final SecureRandom random;
  private final Cipher cipher;
  private final byte[] nonce = new byte[NONCE];
  private int counter;

  Sealer(SecureRandom random) {
    this.random = random;
    try {
      cipher = Cipher.getInstance("AES/GCM/NoPadding");
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every Java platform has AES-GCM", impossible);
    }
  }

  /** Seals {@code plain} for the row (a, b). */
  byte[] seal(SecretKey key, Purpose purpose, long a, long b, byte[] plain) {
    nextNonce();
    try {
      cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(8 * TAG, nonce));
      cipher.updateAAD(context(purpose, a, b));
      var sealed = new byte[HEADER + plain.length + TAG];
      sealed[0] = VERSION;
      System.arraycopy(nonce, 0, sealed, 1, NONCE);
      cipher.doFinal(plain, 0, plain.length, sealed, HEADER);
      return sealed;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot seal a " + purpose, e);
    }
  }

  /**
   * Opens what {@link #seal} made for the same key, purpose and row.
   *
   * @throws AEADBadTagException if the key is another one or the value was changed
   */
  byte[] open(SecretKey key, Purpose purpose, long a, long b, byte[] sealed)
      throws AEADBadTagException {
    if (sealed.length < HEADER + TAG || sealed[0] != VERSION) {
      throw new AEADBadTagException("not a sealed " + purpose);
    }
    try {
      cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(8 * TAG, sealed, 1, NONCE));
      cipher.updateAAD(context(purpose, a, b));
      return cipher.doFinal(sealed, HEADER, sealed.length - HEADER);
    } catch (AEADBadTagException e) {
      throw e;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot open a " + purpose, e);
    }
  }

  /** Whether a sealed value was overwritten with zeros. */
  static boolean isDestroyed(byte[] sealed) {
    for (byte b : sealed) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  private void nextNonce() {
    if (counter == 0) {
      random.nextBytes(nonce);
      Arrays.fill(nonce, 8, NONCE, (byte) 0);
    }
    ByteBuffer.wrap(nonce).putInt(8, counter++);
  }

  private static byte[] context(Purpose purpose, long a, long b) {
    return ByteBuffer.allocate(17).put(purpose.letter).putLong(a).putLong(b).array();
  }
}
