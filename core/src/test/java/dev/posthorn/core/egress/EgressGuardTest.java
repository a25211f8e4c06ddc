package dev.posthorn.core.egress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.core.egress.Verdict.Allowed;
import dev.posthorn.core.egress.Verdict.Denied;
import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EgressGuardTest {
  private static final EgressGuard DEFAULT = new EgressGuard(EgressPolicy.DEFAULT);

  @ParameterizedTest
  @CsvFileSource(resources = "addresses.csv", numLinesToSkip = 1)
  void everyAddressOfTheCorpusHasItsVerdict(String address, String rule) {
    assertThat(rule(DEFAULT.judgeAddress(InetAddress.ofLiteral(address), 443))).isEqualTo(rule);
  }

  @ParameterizedTest
  @CsvFileSource(resources = "urls.csv", numLinesToSkip = 1, quoteCharacter = '`')
  void everyUrlOfTheCorpusHasItsVerdict(String url, String rule) {
    assertThat(rule(DEFAULT.judgeUrl(url, "acme"))).isEqualTo(rule);
  }

  @Test
  void controlCharactersAnywhereAreDenied() {
    for (char c = 0; c < 0x20; c++) {
      assertThat(rule(DEFAULT.judgeUrl("https://a.example.com/x" + c, "acme")))
          .isEqualTo("forbidden-character");
      assertThat(rule(DEFAULT.judgeUrl("https://a.exa" + c + "mple.com/", "acme")))
          .isEqualTo("forbidden-character");
    }
  }

  @Test
  void labelsAndNamesHaveTheBoundsOfDns() {
    var label = "a".repeat(63);
    assertThat(judge("https://" + label + ".com/")).isEqualTo("allowed");
    assertThat(judge("https://" + label + "a.com/")).isEqualTo("host-syntax");
    var name = (label + ".").repeat(3) + "a".repeat(57) + ".com";
    assertThat(name).hasSize(253);
    assertThat(judge("https://" + name + "/")).isEqualTo("allowed");
    assertThat(judge("https://a" + name + "/")).isEqualTo("host-syntax");
    assertThat(judge("https://a.com/" + "a".repeat(2_100))).isEqualTo("not-a-url");
  }

  @Test
  void aDenialNamesPlaceAndCureForThePlatform() {
    assertThat(DEFAULT.judgeUrl("https://127.0.0.1/", "acme"))
        .isEqualTo(
            new Denied(EgressRule.LOOPBACK, "127.0.0.1 is in 127.0.0.0/8, this host (RFC 1122)"));
    assertThat(DEFAULT.judgeUrl("http://a.com/", "acme"))
        .isEqualTo(
            new Denied(
                EgressRule.SCHEME, "http is not allowed; use https, or set egress.allowHttp"));
    assertThat(DEFAULT.judgeUrl("https://a.com:22/", "acme"))
        .isEqualTo(new Denied(EgressRule.PORT, "port 22 is not open; egress.ports allows [443]"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://user:pass@a.com/s3cret", "https://a.com/s3cret#x", "x s3cret"})
  void aDenialNeverRepeatsTheUrl(String url) {
    assertThat(((Denied) DEFAULT.judgeUrl(url, "acme")).sentence())
        .doesNotContain("s3cret")
        .doesNotContain("pass@");
  }

  @Test
  void allowHttpBringsPort80WithIt() {
    var guard = new EgressGuard(EgressPolicy.DEFAULT.withAllowHttp(true));
    assertThat(rule(guard.judgeUrl("http://a.com/", "acme"))).isEqualTo("allowed");
    assertThat(rule(guard.judgeUrl("http://a.com:8080/", "acme"))).isEqualTo("port");
    assertThat(rule(guard.judgeUrl("ftp://a.com/", "acme"))).isEqualTo("scheme");
    assertThat(rule(guard.judgeAddress(InetAddress.ofLiteral("8.8.8.8"), 80))).isEqualTo("allowed");
  }

  @Test
  void anAllowedRangeOpensItsLiteralsOnItsPortsOnly() {
    var guard = allowing("10.1.2.0/24", "10.9.0.0/16:8080", "[::1/128]:8443");
    assertThat(rule(guard.judgeUrl("https://10.1.2.3:9999/", "acme"))).isEqualTo("allowed");
    assertThat(rule(guard.judgeUrl("https://10.1.3.3/", "acme"))).isEqualTo("private");
    assertThat(rule(guard.judgeUrl("https://10.9.1.1:8080/", "acme"))).isEqualTo("allowed");
    assertThat(rule(guard.judgeUrl("https://10.9.1.1/", "acme"))).isEqualTo("private");
    assertThat(rule(guard.judgeUrl("https://[::1]:8443/", "acme"))).isEqualTo("allowed");
    assertThat(rule(guard.judgeUrl("https://[0:0::1]:8443/", "acme"))).isEqualTo("allowed");
    assertThat(rule(guard.judgeUrl("https://[::1]/", "acme"))).isEqualTo("loopback");
  }

  @Test
  void aNameMayUseAPortThatOneRangeOpensButOnlyWithAnAddressInIt() {
    var guard = allowing("10.9.0.0/16:8080");
    assertThat(rule(guard.judgeUrl("https://in.acme.com:8080/", "acme"))).isEqualTo("allowed");
    assertThat(rule(guard.judgeAddress(InetAddress.ofLiteral("10.9.0.1"), 8080)))
        .isEqualTo("allowed");
    assertThat(rule(guard.judgeAddress(InetAddress.ofLiteral("8.8.8.8"), 8080))).isEqualTo("port");
    assertThat(rule(guard.judgeUrl("https://in.acme.com:8081/", "acme"))).isEqualTo("port");
  }

  @Test
  void anAllowedRangeOpensNoDeniedName() {
    var guard = allowing("127.0.0.0/8", "0.0.0.0/0");
    assertThat(rule(guard.judgeUrl("https://localhost/", "acme"))).isEqualTo("local-name");
    assertThat(rule(guard.judgeUrl("https://127.1/", "acme"))).isEqualTo("ends-in-number");
    assertThat(rule(guard.judgeUrl("https://2130706433/", "acme"))).isEqualTo("ends-in-number");
  }

  @Test
  void whatThePlatformClosesNothingOpens() {
    var guard =
        new EgressGuard(
            new EgressPolicy(
                Set.of(443),
                false,
                List.of(AllowedCidr.parse("10.0.0.0/8")),
                List.of(new AllowedHost("db.acme.svc", Set.of(), Set.of("acme"))),
                List.of(Cidr.parse("10.1.0.0/16"), Cidr.parse("8.8.8.0/24")),
                List.of(),
                "cluster.local"));
    assertThat(rule(guard.judgeUrl("https://10.2.0.1/", "acme"))).isEqualTo("allowed");
    assertThat(rule(guard.judgeUrl("https://10.1.0.1/", "acme"))).isEqualTo("denied-cidr");
    var closed = InetAddress.ofLiteral("8.8.8.8");
    assertThat(rule(guard.judgeAddress(closed, 443))).isEqualTo("denied-cidr");
    assertThat(rule(guard.judgeAddress("db.acme.svc", closed, 443))).isEqualTo("denied-cidr");
  }

  @Test
  void publicRangesOfTheClusterAreDenied() {
    var guard =
        new EgressGuard(
            new EgressPolicy(
                Set.of(443),
                false,
                List.of(AllowedCidr.parse("34.118.224.7/32:443")),
                List.of(),
                List.of(),
                List.of(Cidr.parse("34.118.224.0/20")),
                "corp.example.net"));
    assertThat(rule(guard.judgeAddress(InetAddress.ofLiteral("34.118.230.1"), 443)))
        .isEqualTo("cluster-address");
    assertThat(rule(guard.judgeAddress(InetAddress.ofLiteral("34.118.224.7"), 443)))
        .isEqualTo("allowed");
    assertThat(rule(guard.judgeUrl("https://x.default.pod.corp.example.net/", "acme")))
        .isEqualTo("local-name");
  }

  @Test
  void anAllowedHostIsOpenForItsNamespacesPortsAndPrivateAddresses() {
    var host = new AllowedHost("Hooks.acme.svc.cluster.local.", Set.of(8443), Set.of("acme"));
    var guard =
        new EgressGuard(
            new EgressPolicy(
                Set.of(443),
                false,
                List.of(),
                List.of(host),
                List.of(),
                List.of(Cidr.parse("10.96.0.0/12")),
                "cluster.local"));
    var url = "https://hooks.acme.svc.cluster.local:8443/in";
    assertThat(rule(guard.judgeUrl(url, "acme"))).isEqualTo("allowed");
    assertThat(rule(guard.judgeUrl(url, "globex"))).isEqualTo("local-name");
    assertThat(rule(guard.judgeUrl("https://hooks.acme.svc.cluster.local/", "acme")))
        .isEqualTo("local-name");
    var service = InetAddress.ofLiteral("10.96.1.1");
    var name = "hooks.acme.svc.cluster.local";
    assertThat(rule(guard.judgeAddress(name, service, 8443))).isEqualTo("allowed");
    assertThat(rule(guard.judgeAddress(name, service, 443))).isEqualTo("cluster-address");
    assertThat(rule(guard.judgeAddress("evil.com", service, 8443))).isEqualTo("cluster-address");
    assertThat(rule(guard.judgeAddress(name, InetAddress.ofLiteral("127.0.0.1"), 8443)))
        .isEqualTo("loopback");
    assertThat(rule(guard.judgeAddress(name, InetAddress.ofLiteral("169.254.169.254"), 8443)))
        .isEqualTo("metadata-address");
    assertThat(new AllowedHost("a.svc", Set.of(), Set.of()).admits("a.svc", 443, Set.of(443)))
        .isTrue();
    assertThat(new AllowedHost("a.svc", Set.of(), Set.of()).admits("a.svc", 22, Set.of(443)))
        .isFalse();
    assertThat(guard.nameToLookUp("HOOKS.acme.svc.cluster.local"))
        .isEqualTo("HOOKS.acme.svc.cluster.local");
    assertThat(guard.nameToLookUp("hooks.globex.svc.cluster.local"))
        .isEqualTo("hooks.globex.svc.cluster.local.");
    assertThat(guard.nameToLookUp("example.com.")).isEqualTo("example.com.");
    assertThat(guard.nameToLookUp("[2001:db8::1]")).isEqualTo("[2001:db8::1]");
    assertThat(guard.nameToLookUp("192.0.2.1")).isEqualTo("192.0.2.1");
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1,loopback", "::ffff:127.0.0.1,loopback", "::ffff:7f00:1,loopback",
    "::ffff:8.8.8.8,allowed", "::127.0.0.1,transition", "64:ff9b::7f00:1,transition",
    "64:ff9b::808:808,transition", "2002:7f00:1::,transition"
  })
  void formsOfIpv4AddressesAreUnwrappedOrRefused(String address, String rule) {
    assertThat(rule(DEFAULT.judgeAddress(InetAddress.ofLiteral(address), 443))).isEqualTo(rule);
  }

  private static String judge(String url) {
    return rule(DEFAULT.judgeUrl(url, "acme"));
  }

  private static EgressGuard allowing(String... ranges) {
    return new EgressGuard(
        EgressPolicy.DEFAULT.withAllowCidrs(
            List.of(ranges).stream().map(AllowedCidr::parse).toList()));
  }

  private static String rule(Verdict verdict) {
    return switch (verdict) {
      case Allowed _ -> "allowed";
      case Denied denied -> denied.rule().wire();
    };
  }
}
