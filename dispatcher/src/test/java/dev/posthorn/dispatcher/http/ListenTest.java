package dev.posthorn.dispatcher.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ListenTest {
  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:8080, 127.0.0.1, 8080",
    "localhost:0, localhost, 0",
    "[::1]:65535, ::1, 65535",
    "[fe80::1%eth0]:80, fe80::1%eth0, 80"
  })
  void anAddressIsReadAndWrittenInOneForm(String text, String host, int port) {
    assertThat(Listen.parse(text)).isEqualTo(new Listen(host, port)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "8080",
        "127.0.0.1",
        ":8080",
        "::1:8080",
        "a:b",
        "h:1:2",
        "http://a:80",
        "",
        "a:-1"
      })
  void anythingElseIsRefusedWithTheForm(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Listen.parse(text))
        .withMessageContaining("\"" + text + "\"")
        .withMessageContaining("host:port");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a:65536", "a:99999"})
  void aPortOutOfRangeIsRefusedWithTheRange(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Listen.parse(text))
        .withMessageContaining("65535");
  }
}
