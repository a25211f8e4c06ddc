package dev.posthorn.core.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CidrTest {
  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8,10.0.0.0/8",
    "10.1.2.3,10.1.2.3/32",
    "0.0.0.0/0,0.0.0.0/0",
    "fc00::/7,fc00::/7",
    "::1,::1/128",
    "2001:0DB8:0:0:1:0:0:0/80,2001:db8:0:0:1::/80",
    "0:0:1::/48,0:0:1::/48",
    "::ffff:10.0.0.0/104,10.0.0.0/8"
  })
  void isReadAndShownInItsShortForm(String text, String shown) {
    assertThat(Cidr.parse(text)).hasToString(shown);
    assertThat(Cidr.parse(shown)).isEqualTo(Cidr.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/8",
        "10.0.0.0/",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "::/129",
        "10.0.0/8",
        "010.0.0.0/8",
        "10.0.0.0/8/8",
        "fe80::1%eth0/128",
        "example.com/8",
        "10.0.0.0/٨",
        "[::1]/128",
        "::ffff:10.0.0.0/8"
      })
  void whatIsNoRangeIsRefusedByName(String text) {
    assertThatThrownBy(() -> Cidr.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void bitsAfterThePrefixAreRefusedWithTheRangeMeant() {
    assertThatThrownBy(() -> Cidr.parse("10.1.2.3/8"))
        .hasMessage("10.1.2.3/8 has bits after its prefix; write 10.0.0.0/8");
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8,10.255.255.255,true",
    "10.0.0.0/8,11.0.0.0,false",
    "172.16.0.0/12,172.31.255.255,true",
    "172.16.0.0/12,172.32.0.0,false",
    "0.0.0.0/0,255.255.255.255,true",
    "0.0.0.0/0,::1,false",
    "::/0,10.0.0.1,false",
    "::/0,ff00::1,true",
    "10.0.0.0/8,::ffff:10.1.1.1,true",
    "fe80::/10,febf:ffff::,true",
    "fe80::/10,fec0::,false",
    "8.8.8.8/32,8.8.8.8,true",
    "8.8.8.8/32,8.8.8.9,false"
  })
  void containsItsAddressesOnly(String cidr, String address, boolean inside) {
    assertThat(Cidr.parse(cidr).contains(InetAddress.ofLiteral(address))).isEqualTo(inside);
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8,10.0.0.0/8,",
    "10.1.2.3/32:8080,10.1.2.3/32,8080",
    "10.1.2.3:8080,10.1.2.3/32,8080",
    "fd00::/8,fd00::/8,",
    "::1/128,::1/128,",
    "[::1/128]:8080,::1/128,8080",
    "[fd00::/8],fd00::/8,"
  })
  void theOptionsFormsAreRead(String text, String cidr, Integer port) {
    assertThat(AllowedCidr.parse(text))
        .isEqualTo(new AllowedCidr(Cidr.parse(cidr), port == null ? Set.of() : Set.of(port)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.0/8:",
        "10.0.0.0/8:0",
        "10.0.0.0/8:65536",
        "10.0.0.0/8:http",
        "[::1/128]8080",
        "[::1/128:8080",
        "localhost:8080",
        "[::1/128]:8080:1"
      })
  void otherFormsAreRefused(String text) {
    assertThatThrownBy(() -> AllowedCidr.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .isNotBlank();
  }
}
