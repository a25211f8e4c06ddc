package dev.posthorn.core.signing;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.ECPublicKey;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Ed25519 and ECDSA. Without a private key it only verifies. */
final class PublicKeySigner implements Signer {
  /** DER header of an Ed25519 SubjectPublicKeyInfo (RFC 8410), before the 32 bytes of the key. */
  private static final byte[] ED25519_SPKI = HexFormat.of().parseHex("302a300506032b6570032100");

  private static final int ED25519_BYTES = 32;
  private static final int P256_BITS = 256;
  private static final byte[][] NOTHING = {};

  private final String algorithm;
  private final @Nullable PrivateKey privateKey;
  private final PublicKey publicKey;

  private PublicKeySigner(String algorithm, @Nullable PrivateKey privateKey, PublicKey publicKey) {
    this.algorithm = algorithm;
    this.privateKey = privateKey;
    this.publicKey = publicKey;
  }

  /**
   * 64 bytes: seed and public key, as in {@code whsk_}, which must belong together, or receivers
   * could never verify; 32 bytes: public key.
   */
  static PublicKeySigner ed25519(byte[] key) throws GeneralSecurityException {
    if (key.length != ED25519_BYTES && key.length != 2 * ED25519_BYTES) {
      throw new InvalidKeyException("wrong length");
    }
    var factory = KeyFactory.getInstance("Ed25519");
    byte[] spki = Arrays.copyOf(ED25519_SPKI, ED25519_SPKI.length + ED25519_BYTES);
    System.arraycopy(key, key.length - ED25519_BYTES, spki, ED25519_SPKI.length, ED25519_BYTES);
    var publicKey = factory.generatePublic(new X509EncodedKeySpec(spki));
    requireUsable("Ed25519", publicKey);
    if (key.length == ED25519_BYTES) {
      return new PublicKeySigner("Ed25519", null, publicKey);
    }
    byte[] seed = Arrays.copyOf(key, ED25519_BYTES);
    var spec = new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed);
    var signer = new PublicKeySigner("Ed25519", factory.generatePrivate(spec), publicKey);
    Arrays.fill(seed, (byte) 0);
    if (!signer.verifies(NOTHING, List.of(signer.sign(NOTHING)))) {
      throw new InvalidKeyException("the public key is not that of the seed");
    }
    return signer;
  }

  /** A SubjectPublicKeyInfo in DER; verifies only. */
  static PublicKeySigner ecdsaP256(byte[] spki) throws GeneralSecurityException {
    PublicKey key = KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(spki));
    if (!(key instanceof ECPublicKey ec)
        || ec.getParams().getCurve().getField().getFieldSize() != P256_BITS) {
      throw new InvalidKeyException("wrong curve");
    }
    requireUsable("SHA256withECDSA", key);
    return new PublicKeySigner("SHA256withECDSA", null, key);
  }

  /** Not every 32 bytes are a point of the curve, and the JDK tells so only when it verifies. */
  private static void requireUsable(String algorithm, PublicKey key)
      throws GeneralSecurityException {
    Signature.getInstance(algorithm).initVerify(key);
  }

  @Override
  public boolean signs() {
    return privateKey != null;
  }

  @Override
  public byte[] sign(byte[][] content) {
    if (privateKey == null) {
      throw new IllegalStateException(
          "key is public and can only verify: configure the private key to sign");
    }
    try {
      var signature = Signature.getInstance(algorithm);
      signature.initSign(privateKey);
      update(signature, content);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK signs with " + algorithm, e);
    }
  }

  @Override
  public boolean verifies(byte[][] content, List<byte[]> signatures) {
    for (byte[] signature : signatures) {
      if (verifies(content, signature)) {
        return true;
      }
    }
    return false;
  }

  private boolean verifies(byte[][] content, byte[] bytes) {
    try {
      var signature = Signature.getInstance(algorithm);
      signature.initVerify(publicKey);
      update(signature, content);
      return signature.verify(bytes);
    } catch (SignatureException e) {
      return false; // not the form of a signature
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK verifies " + algorithm, e);
    }
  }

  private static void update(Signature signature, byte[][] content) throws SignatureException {
    for (byte[] part : content) {
      signature.update(part);
    }
  }
}
