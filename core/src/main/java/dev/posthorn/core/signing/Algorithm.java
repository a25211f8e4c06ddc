package dev.posthorn.core.signing;

import java.security.GeneralSecurityException;

/** The algorithms by their names in a descriptor and in the JDK. */
enum Algorithm {
  HMAC_SHA256("HmacSha256", "HmacSHA256", true),
  HMAC_SHA512("HmacSha512", "HmacSHA512", true),
  ED25519("Ed25519", "Ed25519", true),
  /** Too weak for new signatures; some providers still send it. */
  HMAC_SHA1("HmacSha1", "HmacSHA1", false),
  ECDSA_P256_SHA256("EcdsaP256Sha256", "SHA256withECDSA", false);

  private final String title;
  private final String jdkName;
  private final boolean signs;

  Algorithm(String title, String jdkName, boolean signs) {
    this.title = title;
    this.jdkName = jdkName;
    this.signs = signs;
  }

  /** As a descriptor spells it. */
  String title() {
    return title;
  }

  /** Whether we sign with it; all of them verify. */
  boolean signs() {
    return signs;
  }

  String keyNeeded() {
    return switch (this) {
      case ED25519 ->
          "it takes 64 bytes (seed and its public key), or 32 (public key) to verify only";
      case ECDSA_P256_SHA256 -> "it takes a DER SubjectPublicKeyInfo on the curve P-256";
      case HMAC_SHA256, HMAC_SHA512, HMAC_SHA1 -> "it takes at least one byte";
    };
  }

  Signer signer(byte[] key) throws GeneralSecurityException {
    return switch (this) {
      case HMAC_SHA256, HMAC_SHA512, HMAC_SHA1 -> HmacSigner.of(jdkName, key);
      case ED25519 -> PublicKeySigner.ed25519(key);
      case ECDSA_P256_SHA256 -> PublicKeySigner.ecdsaP256(key);
    };
  }
}
