package dev.posthorn.dispatcher.send;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Certificates and private keys as PEM (RFC 7468). Keys come as PKCS #8, and as what {@code
 * kubernetes.io/tls} Secrets often hold: PKCS #1 (RFC 8017) and SEC 1 (RFC 5915), which the JDK
 * does not read and which are wrapped into PKCS #8 here.
 */
final class Pem {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");
  private static final byte[] VERSION_0 = {2, 1, 0};

  /** SEQUENCE of the object identifier rsaEncryption (1.2.840.113549.1.1.1) and NULL. */
  private static final byte[] RSA_ALGORITHM = {
    0x30, 0x0d, 0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 1, 1, 1, 5, 0
  };

  private Pem() {}

  /** All certificates in {@code pem}, at least one. */
  static List<X509Certificate> certificates(String field, String pem) {
    try {
      var bytes = pem.getBytes(StandardCharsets.US_ASCII);
      var found =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(bytes));
      if (!found.isEmpty()) {
        return found.stream().map(X509Certificate.class::cast).toList();
      }
    } catch (CertificateException e) {
      throw new IllegalArgumentException(noCertificate(field), e);
    }
    throw new IllegalArgumentException(noCertificate(field));
  }

  /** The key in {@code pem}; of the algorithm of {@code certificate}, whose key it must be. */
  static PrivateKey privateKey(String field, byte[] pem, X509Certificate certificate) {
    var block = BLOCK.matcher(new String(pem, StandardCharsets.US_ASCII));
    while (block.find()) {
      if (block.group(1).endsWith("PRIVATE KEY")) {
        return decode(field, block.group(1), block.group(2), certificate);
      }
    }
    throw new IllegalArgumentException(field + " holds no private key; it starts with -----BEGIN");
  }

  private static PrivateKey decode(
      String field, String label, String base64, X509Certificate certificate) {
    var algorithm = certificate.getPublicKey().getAlgorithm();
    byte[] der = {};
    byte[] pkcs8 = {};
    try {
      der = Base64.getMimeDecoder().decode(base64);
      pkcs8 =
          switch (label) {
            case "PRIVATE KEY" -> der.clone();
            case "RSA PRIVATE KEY" -> wrap(RSA_ALGORITHM, der);
            case "EC PRIVATE KEY" -> wrap(ecAlgorithm(certificate), der);
            default ->
                throw new IllegalArgumentException(
                    field + " is a " + label + "; use an unencrypted PKCS #8 key");
          };
      return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    } catch (GeneralSecurityException e) {
      // The cause is not passed on: it may quote parts of the key.
      throw new IllegalArgumentException(
          "%s is no %s key, as its certificate's; use the certificate's own key"
              .formatted(field, algorithm));
    } finally {
      Arrays.fill(der, (byte) 0);
      Arrays.fill(pkcs8, (byte) 0);
    }
  }

  /** The algorithm with its curve, as it stands in the certificate's public key. */
  private static byte[] ecAlgorithm(X509Certificate certificate) {
    var publicKey = certificate.getPublicKey().getEncoded();
    int outer = headerLength(publicKey, 0);
    int length = headerLength(publicKey, outer) + contentLength(publicKey, outer);
    return Arrays.copyOfRange(publicKey, outer, outer + length);
  }

  private static byte[] wrap(byte[] algorithm, byte[] key) {
    var content = new ByteArrayOutputStream();
    content.writeBytes(VERSION_0);
    content.writeBytes(algorithm);
    content.writeBytes(element(0x04, key));
    return element(0x30, content.toByteArray());
  }

  private static byte[] element(int tag, byte[] content) {
    var out = new ByteArrayOutputStream();
    out.write(tag);
    if (content.length < 0x80) {
      out.write(content.length);
    } else {
      out.write(0x82);
      out.write(content.length >> 8);
      out.write(content.length);
    }
    out.writeBytes(content);
    return out.toByteArray();
  }

  private static int headerLength(byte[] der, int at) {
    return (der[at + 1] & 0x80) == 0 ? 2 : 2 + (der[at + 1] & 0x7f);
  }

  private static int contentLength(byte[] der, int at) {
    int length = der[at + 1] & 0xff;
    if (length < 0x80) {
      return length;
    }
    int value = 0;
    for (int i = 0; i < (length & 0x7f); i++) {
      value = (value << 8) | (der[at + 2 + i] & 0xff);
    }
    return value;
  }

  private static String noCertificate(String field) {
    return field
        + " holds no readable certificate; use PEM that starts with -----BEGIN CERTIFICATE";
  }
}
