package dev.posthorn.core.egress;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class DenyListTest {
  @SuppressWarnings("unused")
  private static final List<DeniedRange> ROWS = DenyList.RANGES;

  @ParameterizedTest
  @FieldSource("ROWS")
  void everyRowIsReachableAndHasAReason(DeniedRange row) {
    assertThat(row.reason()).isNotBlank();
    var found = DenyList.find(row.cidr().network()).orElseThrow();
    assertThat(DenyList.RANGES.indexOf(found)).isLessThanOrEqualTo(DenyList.RANGES.indexOf(row));
    assertThat(DenyList.RANGES).doesNotHaveDuplicates();
  }

  @Test
  void ofIpv6OnlyGlobalUnicastIsLeft() {
    for (int first = 0; first < 0x10000; first += 0x40) {
      var address = InetAddress.ofLiteral(Integer.toHexString(first) + ":1234::1");
      boolean global = first >= 0x2000 && first < 0x4000;
      boolean reserved = first == 0x2002 || first == 0x3fff;
      assertThat(DenyList.find(address).isEmpty())
          .as(address.getHostAddress())
          .isEqualTo(global && !reserved);
    }
  }

  @Test
  void justOutsideEachRangeIsPublic() {
    for (var address :
        List.of(
            "1.0.0.0",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.0",
            "169.253.255.255",
            "169.255.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.0",
            "192.0.3.0",
            "192.167.255.255",
            "192.169.0.0",
            "198.17.255.255",
            "198.20.0.0",
            "198.51.99.255",
            "203.0.112.255",
            "203.0.114.0",
            "223.255.255.255",
            "168.63.129.15",
            "168.63.129.17",
            "2001:200::",
            "2001:db7::",
            "2001:db9::",
            "2003::",
            "2620:4f:7fff::",
            "2620:4f:8001::",
            "3ffe::",
            "2000::")) {
      assertThat(DenyList.find(InetAddress.ofLiteral(address))).as(address).isEmpty();
    }
  }
}
