package dev.posthorn.dispatcher.send;

import static dev.posthorn.dispatcher.send.TlsVersion.TLS_1_2;
import static dev.posthorn.dispatcher.send.TlsVersion.TLS_1_3;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Base64;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;

class TlsSettingsTest {
  private static final HeldCertificate EC = new HeldCertificate.Builder().ecdsa256().build();
  private static final HeldCertificate RSA = new HeldCertificate.Builder().rsa2048().build();

  @Test
  void settingsAreEqualByContent() {
    assertThat(of(EC, EC.privateKeyPkcs8Pem())).isEqualTo(of(EC, EC.privateKeyPkcs8Pem()));
    assertThat(of(EC, EC.privateKeyPkcs8Pem())).isNotEqualTo(TlsSettings.DEFAULT);
    assertThat(TlsSettings.of(EC.certificatePem(), null, null, TLS_1_2))
        .isEqualTo(TlsSettings.of(EC.certificatePem(), null, null, TLS_1_2))
        .isNotEqualTo(TlsSettings.of(EC.certificatePem(), null, null, TLS_1_3))
        .isNotEqualTo(TlsSettings.of(RSA.certificatePem(), null, null, TLS_1_2));
    assertThat(TlsSettings.of(null, null, null, TLS_1_2)).isEqualTo(TlsSettings.DEFAULT);
  }

  @Test
  void everyFormOfAKeyIsTheSameKey() {
    assertThat(of(EC, EC.privateKeyPkcs8Pem()).clientKey()).isEqualTo(EC.keyPair().getPrivate());
    assertThat(of(RSA, RSA.privateKeyPkcs8Pem()).clientKey()).isEqualTo(RSA.keyPair().getPrivate());
    assertThat(of(RSA, RSA.privateKeyPkcs1Pem()).clientKey()).isEqualTo(RSA.keyPair().getPrivate());
    assertThat(
            of(EC, "-----BEGIN EC PARAMETERS-----\nBggq\n-----END EC PARAMETERS-----\n" + sec1())
                .clientKey())
        .isEqualTo(EC.keyPair().getPrivate());
  }

  @Test
  void aChainKeepsItsOrderAndABundleItsAuthorities() {
    var settings =
        TlsSettings.of(
            EC.certificatePem() + RSA.certificatePem(),
            EC.certificatePem() + RSA.certificatePem(),
            EC.privateKeyPkcs8Pem().getBytes(US_ASCII),
            TLS_1_2);
    assertThat(settings.clientChain()).containsExactly(EC.certificate(), RSA.certificate());
    assertThat(settings.trusted()).containsExactly(EC.certificate(), RSA.certificate());
  }

  @Test
  void whatCannotBeReadIsNamedWithTheCure() {
    assertThatThrownBy(() -> TlsSettings.of("nonsense", null, null, TLS_1_2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("tls.caRef holds no readable certificate");
    assertThatThrownBy(() -> TlsSettings.of(null, EC.certificatePem(), null, TLS_1_2))
        .hasMessageContaining("needs both tls.crt and tls.key");
    assertThatThrownBy(() -> of(EC, "nonsense")).hasMessageStartingWith("tls.key holds no private");
    assertThatThrownBy(() -> of(RSA, EC.privateKeyPkcs8Pem()))
        .hasMessage("tls.key is no RSA key, as its certificate's; use the certificate's own key");
    assertThatThrownBy(
            () -> of(EC, EC.privateKeyPkcs8Pem().replace("PRIVATE", "ENCRYPTED PRIVATE")))
        .hasMessage("tls.key is a ENCRYPTED PRIVATE KEY; use an unencrypted PKCS #8 key");
  }

  @Test
  void noTextShowsAKey() {
    var key = EC.privateKeyPkcs8Pem();
    assertThat(of(EC, key))
        .hasToString("TlsSettings[0 authorities, a client certificate, TLS_1_2]");
    var broken = key.replaceFirst("M", "N");
    assertThatThrownBy(() -> of(EC, broken))
        .hasNoCause()
        .message()
        .doesNotContain(key.substring(40, 60));
  }

  private static TlsSettings of(HeldCertificate certificate, String key) {
    return TlsSettings.of(null, certificate.certificatePem(), key.getBytes(US_ASCII), TLS_1_2);
  }

  /** SEC 1 is what PKCS #8 of the JDK carries inside: the last 109 of 150 bytes or the like. */
  private static String sec1() {
    var pkcs8 = EC.keyPair().getPrivate().getEncoded();
    int header = 2 + 3 + 2 + 0x13;
    int octets = header + (pkcs8[1] < 0 ? 1 : 0);
    var inner = Arrays.copyOfRange(pkcs8, octets + 2, pkcs8.length);
    return "-----BEGIN EC PRIVATE KEY-----\n%s\n-----END EC PRIVATE KEY-----\n"
        .formatted(Base64.getMimeEncoder().encodeToString(inner));
  }
}
