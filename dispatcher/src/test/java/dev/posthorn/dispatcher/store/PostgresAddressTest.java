package dev.posthorn.dispatcher.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresAddressTest {
  @Test
  void anAddressHasItsPartsAndHidesThePassword() {
    PostgresAddress address =
        PostgresAddress.parse(
            "postgres://po%40st:p%2Fw+%25@a.example:5432,[::1]:5433/posthorn?sslmode=verify-full");
    assertThat(address)
        .isEqualTo(
            new PostgresAddress(
                "a.example:5432,[::1]:5433",
                "posthorn",
                "po@st",
                "p/w+%",
                Map.of("sslmode", "verify-full")));
    assertThat(address).hasToString("posthorn on a.example:5432,[::1]:5433");
  }

  @Test
  void aPasswordMayBeMissing() {
    assertThat(PostgresAddress.parse("postgresql://u@h/d").password()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mysql://u:secret@h/d",
        "postgres://h/d",
        "postgres://u:secret@h",
        "postgres://u:sec@ret@h/d",
        "postgres://u:secret@h/d/e",
        ""
      })
  void whatIsNoAddressIsRefusedWithTheForm(String url) {
    assertThatThrownBy(() -> PostgresAddress.parse(url))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("postgres://user:password@host:port/database", "%40 for @")
        .hasMessageNotContaining("secret");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          postgres://u:secret@h:x/d            | names a host as "h:x": write host:port
          postgres://u:secret@h,/d             | names a host as "": write host:port
          postgres://u:se%cret@h/d             | the password in the address of the database has a %
          postgres://u:secret@h/d?password=x   | has the parameter "password": leave it out
          postgres://u:secret@h/d?sslmode      | has the parameter "sslmode": leave it out
          """)
  void aWrongPartIsNamed(String url, String message) {
    assertThatThrownBy(() -> PostgresAddress.parse(url))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("secret");
  }
}
