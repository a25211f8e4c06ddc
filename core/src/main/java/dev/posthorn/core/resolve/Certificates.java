package dev.posthorn.core.resolve;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;

/**
 * Whether PEM texts hold what they should: a mistake shows when it is applied, not when sending.
 */
final class Certificates {
  private Certificates() {}

  static boolean check(String pem, String key, String field, Report report) {
    try {
      var bytes = new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8));
      if (!CertificateFactory.getInstance("X.509").generateCertificates(bytes).isEmpty()) {
        return true;
      }
    } catch (CertificateException e) {
      // reported below: the exception's text may quote the content
    }
    report.error(
        field,
        Cause.Refusal.UnusableContent,
        "the entry \"" + key + "\" holds no certificate; put one or more there, as PEM");
    return false;
  }

  static boolean checkKey(String pem, String key, String field, Report report) {
    if (pem.contains("PRIVATE KEY-----") && !pem.contains("ENCRYPTED")) {
      return true;
    }
    report.error(
        field,
        Cause.Refusal.UnusableContent,
        "the entry \"" + key + "\" holds no private key; put one there, as PEM, not encrypted");
    return false;
  }
}
