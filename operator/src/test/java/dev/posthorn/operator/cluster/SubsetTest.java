package dev.posthorn.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubsetTest {
  private static final JsonMapper JSON = new JsonMapper();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"a": 1}            | {"a": 1, "b": 2}        | true
          {"a": {"b": "x"}}   | {"a": {"b": "x", "c":1}}| true
          {"a": 1}            | {"a": 2}                | false
          {"a": 1}            | {}                      | false
          {"a": [1, 2]}       | {"a": [1, 2]}           | true
          {"a": [1]}          | {"a": [1, 2]}           | false
          {"a": [{"n": 1}]}   | {"a": [{"n": 1, "m":2}]}| true
          {"a": [{"n": 1}]}   | {"a": [{"n": 2}]}       | false
          {"a": {}, "b": []}  | {}                      | true
          {"a": null}         | {"a": 1}                | true
          {"a": false}        | {"a": true}             | false
          {"a": {"b": 1}}     | {"a": "x"}              | false
          """)
  void whatIsWantedIsThereAndOthersMayHaveAdded(String wanted, String actual, boolean holds)
      throws IOException {
    assertThat(Subset.holds(JSON.readTree(wanted), JSON.readTree(actual))).isEqualTo(holds);
  }
}
